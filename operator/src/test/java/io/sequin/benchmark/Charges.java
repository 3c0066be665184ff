package io.sequin.benchmark;

import io.sequin.data.Change;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Charges like Stripe's, about 1 KB of JSON each, in pages, newest first. Made by writing numbers into a page that is
 * there already, so that they cost next to nothing. Numbers are below ten million. For one thread.
 */
final class Charges {
    /** As many as Stripe gives at once. */
    static final int PAGE = 100;

    private static final int PRIME = 1_000_000_007;
    private static final int STEP = 7_919;
    private static final long BACK =
            BigInteger.valueOf(STEP).modInverse(BigInteger.valueOf(PRIME)).longValueExact();

    private static final String HEAD = "{\"object\":\"list\",\"data\":[";
    private static final String ID = "@@@@@@@@@@";
    private static final String NUMBER = "#######";

    /** One charge: where its id's digits go, and its number's. */
    private static final byte[] ROW = """
            {"id":"ch_00000000000000@@@@@@@@@@","object":"charge","amount":1#######,"amount_captured":1#######,"amount_refunded":0,\
            "billing_details":{"address":{"city":"Springfield","country":"US","line1":"####### Evergreen Terrace",\
            "line2":null,"postal_code":"97403","state":"OR"},"email":"user#######@example.com","name":"User Number #######",\
            "phone":null},"created":160#######,"currency":"usd","customer":"cus_0000000#######","description":"Order #######, subscription",\
            "invoice":"in_00000000000000@@@@@@@@@@","metadata":{"order_id":"#######","channel":"web","experiment":"b1","note":"Ünïcode"},\
            "outcome":{"network_status":"approved_by_network","reason":null,"risk_level":"normal","risk_score":12,\
            "seller_message":"Payment complete.","type":"authorized"},"paid":true,\
            "payment_intent":"pi_00000000000000@@@@@@@@@@","status":"succeeded","receipt_url":"https://pay.example.com/receipts/@@@@@@@@@@",\
            "livemode":false,"refunded":false,"disputed":false,"captured":true,"calculated_statement_descriptor":"SHOP"}""".getBytes(StandardCharsets.UTF_8);

    private static final int[] IDS = places(ID);
    private static final int[] NUMBERS = places(NUMBER);

    private final byte[] page = new byte[HEAD.length() + PAGE * (ROW.length + 1) + 32];

    Charges() {
        put(HEAD, 0);
    }

    private static int[] places(String digits) {
        String row = new String(ROW, StandardCharsets.ISO_8859_1);
        List<Integer> found = new ArrayList<>();
        for (int at = row.indexOf(digits); at >= 0; at = row.indexOf(digits, at + digits.length())) {
            found.add(at);
        }
        return found.stream().mapToInt(at -> at).toArray();
    }

    private static int start(int row) {
        return HEAD.length() + row * (ROW.length + 1);
    }

    /** Bytes of JSON of one. */
    static int length() {
        return ROW.length;
    }

    /** The id of a charge. */
    static String id(int number) {
        return "ch_%024d".formatted(scattered(number));
    }

    /** The number of the charge with that id. */
    static int number(String id) {
        return (int) (Long.parseLong(id.substring("ch_".length())) * BACK % PRIME);
    }

    /** Ids do not come in their order, as at Stripe. */
    private static long scattered(int number) {
        return (long) number * STEP % PRIME;
    }

    /**
     * A list of the charges below {@code top}, the newest first.
     *
     * @param most at most so many, up to {@link #PAGE}
     * @return its length in {@link #bytes()}
     */
    int list(int top, int most) {
        int rows = Math.min(top, most);
        for (int i = 0; i < rows; i++) {
            write(top - 1 - i, start(i));
            page[start(i) + ROW.length] = ',';
        }
        String tail = "],\"has_more\":" + (top > rows) + "}";
        int end = rows == 0 ? HEAD.length() : start(rows) - 1;
        put(tail, end);
        return end + tail.length();
    }

    /** The list written last; the next one goes to the same place. */
    byte[] bytes() {
        return page;
    }

    /** The rows of such a list, cut from a page of their own as a source does. */
    List<Change> rows(int top, int most) {
        int length = list(top, most);
        byte[] copy = Arrays.copyOf(page, length);
        List<Change> rows = new ArrayList<>(most);
        for (int i = 0; i < Math.min(top, most); i++) {
            rows.add(new Change.Upsert("charge", RowKey.of(id(top - 1 - i)), new Json(copy, start(i), ROW.length)));
        }
        return rows;
    }

    private void write(int number, int at) {
        System.arraycopy(ROW, 0, page, at, ROW.length);
        for (int place : IDS) {
            digits(scattered(number), at + place, ID.length());
        }
        for (int place : NUMBERS) {
            digits(number, at + place, NUMBER.length());
        }
    }

    private void digits(long number, int at, int count) {
        long left = number;
        for (int i = at + count - 1; i >= at; i--) {
            page[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
    }

    private void put(String text, int at) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, page, at, bytes.length);
    }
}

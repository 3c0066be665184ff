package io.sequin.postgres.load.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.Seeds;
import io.sequin.data.Json;
import io.sequin.postgres.load.RandomJson;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.json.JsonbText;
import io.sequin.postgres.load.json.ValueEnd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Where the fields of random records lie. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordFieldsTest {
    private static final int RECORDS = 500;

    private final RecordFields fields = new RecordFields();
    private Random random = new Random();

    @BeforeAll
    void random() {
        random = new Random(Seeds.seed(RecordFieldsTest.class));
    }

    private List<String> values() {
        RandomJson json = new RandomJson(random, true);
        return Stream.generate(json::value).limit(random.nextInt(8)).toList();
    }

    private static String record(List<String> values) {
        List<String> members = new ArrayList<>();
        for (String value : values) {
            members.add(" \"n%d\" :%s".formatted(members.size(), value));
        }
        return "{" + String.join(",", members) + "}";
    }

    /** Within a page. */
    private static Json json(byte[] record, int length) {
        byte[] page = new byte[length + 4];
        page[0] = '[';
        System.arraycopy(record, 0, page, 1, length);
        System.arraycopy(",\"}".getBytes(StandardCharsets.UTF_8), 0, page, length + 1, 3);
        return new Json(page, 1, length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String value() {
        int from = fields.value();
        return new String(fields.bytes(), from, fields.position() - from, StandardCharsets.UTF_8);
    }

    /** Goes over all of it, as far as it is one. */
    private void walk(Json record) {
        fields.begin(record);
        while (fields.next()) {
            fields.skip();
            int end = record.offset() + record.length();
            assertThat(fields.position()).isBetween(fields.value(), end);
            if (fields.isNested()) {
                assertThat(new JsonbText().appendFirst(fields.bytes(), fields.value(), end, new Bytes(64)))
                        .as("where who prints it finds its end")
                        .isIn(ValueEnd.NONE, fields.position());
            }
        }
    }

    @Test
    void eachValueIsFoundWholeAndInItsOrder() {
        for (int i = 0; i < RECORDS; i++) {
            List<String> values = values();
            byte[] record = bytes(record(values));
            fields.begin(json(record, record.length));
            for (int k = 0; k < values.size(); k++) {
                assertThat(fields.next()).isTrue();
                assertThat(fields.nameText()).isEqualTo("n" + k);
                fields.skip();
                assertThat(value()).isEqualTo(values.get(k).strip());
            }
            assertThat(fields.next()).isFalse();
            assertThat(fields.position()).isEqualTo(1 + record.length);
        }
    }

    @Test
    void whatIsCutShortAnywhereIsRefused() {
        for (int i = 0; i < RECORDS; i++) {
            byte[] record = bytes(record(values()));
            int length = random.nextInt(record.length);
            assertThatThrownBy(() -> walk(json(record, length))).isInstanceOf(UnfitRecord.class);
        }
    }

    @Test
    void whateverIsBrokenNothingBeyondTheRecordIsRead() {
        int refused = 0;
        for (int i = 0; i < 20 * RECORDS; i++) {
            byte[] record = bytes(record(values()));
            record[random.nextInt(record.length)] = (byte) "{}[]\",:\\0-ent".charAt(random.nextInt(13));
            try {
                walk(json(record, record.length));
            } catch (UnfitRecord e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}

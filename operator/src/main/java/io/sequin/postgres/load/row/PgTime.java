package io.sequin.postgres.load.row;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;

/**
 * Times as Postgres counts them: microseconds and days since 2000-01-01. Ranges from the manual, "Date/Time Types":
 * 4713 BC to 294276 AD for timestamps, to 5874897 AD for dates.
 */
public final class PgTime {
    private static final long EPOCH_SECONDS = 946_684_800L;
    private static final long EPOCH_DAYS = 10_957L;
    private static final long MIN_SECONDS = -211_813_488_000L;
    private static final long END_SECONDS = 9_223_371_331_200L;
    private static final long MIN_DAYS = -2_451_545L;
    private static final long END_DAYS = 2_145_031_949L;
    private static final long MICROS = 1_000_000L;

    private PgTime() {}

    /** Microseconds; empty where Postgres can't hold the time. */
    static OptionalLong ofUnixSeconds(long seconds) {
        return of(seconds, 0);
    }

    /** Microseconds of an ISO 8601 time with offset; empty where it is none, or Postgres can't hold it. */
    static OptionalLong parseTimestamp(String text) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            return of(time.toEpochSecond(), time.getNano() / 1_000);
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    /** Days of an ISO 8601 date; empty where it is none, or Postgres can't hold it. */
    static OptionalLong parseDate(String text) {
        try {
            long days = LocalDate.parse(text).toEpochDay() - EPOCH_DAYS;
            return days >= MIN_DAYS && days < END_DAYS ? OptionalLong.of(days) : OptionalLong.empty();
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    /** The time as Postgres reads it in any setting. */
    public static String timestampText(long micros) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS) + EPOCH_SECONDS,
                (int) Math.floorMod(micros, MICROS) * 1_000,
                ZoneOffset.UTC);
        return day(time.toLocalDate()) + ' ' + time.toLocalTime() + "+00" + era(time.toLocalDate());
    }

    /** The date as Postgres reads it in any setting. */
    public static String dateText(long days) {
        LocalDate date = LocalDate.ofEpochDay(days + EPOCH_DAYS);
        return day(date) + era(date);
    }

    private static OptionalLong of(long unixSeconds, int micros) {
        if (unixSeconds < MIN_SECONDS + EPOCH_SECONDS || unixSeconds >= END_SECONDS + EPOCH_SECONDS) {
            return OptionalLong.empty();
        }
        return OptionalLong.of((unixSeconds - EPOCH_SECONDS) * MICROS + micros);
    }

    private static String day(LocalDate date) {
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        return pad(year, 4) + '-' + pad(date.getMonthValue(), 2) + '-' + pad(date.getDayOfMonth(), 2);
    }

    private static String era(LocalDate date) {
        return date.getYear() > 0 ? "" : " BC";
    }

    private static String pad(int number, int width) {
        String digits = Integer.toString(number);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}

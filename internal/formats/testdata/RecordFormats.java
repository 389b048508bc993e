// Records what Joda-Time makes of timestamps with patterns, the way Hive's
// TimestampParser and Trino use it:
//   java -cp joda-time.jar RecordFormats.java < timestamps.tsv > timestamps.golden
// A case is a pattern and a text, separated by a tab; the answer is milliseconds
// since 1970, or "no".
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.joda.time.*;
import org.joda.time.chrono.ISOChronology;
import org.joda.time.format.*;

class RecordFormats {
    public static void main(String[] args) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            String[] part = line.split("\t", -1);
            System.out.println(line + "\t" + answer(part[0], part[1].trim()));
        }
    }

    static String answer(String pattern, String text) {
        try {
            var f = new DateTimeFormatterBuilder().append(null, new DateTimeParser[] {DateTimeFormat.forPattern(pattern).getParser()})
                    .toFormatter().withDefaultYear(1970).withLocale(Locale.ENGLISH);
            var t = new MutableDateTime(new DateTime(1970, 1, 1, 0, 0, 0, 0, ISOChronology.getInstanceUTC()), ISOChronology.getInstanceUTC());
            return f.parseInto(t, text, 0) == text.length() ? Long.toString(t.getMillis()) : "no";
        } catch (RuntimeException e) {
            return "no";
        }
    }
}

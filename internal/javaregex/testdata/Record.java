// Records what java.util.regex makes of each case in cases.tsv:
//   java Record.java < cases.tsv > java.golden
// A case is flags (i, s or -), a pattern and a text, separated by tabs and
// written as JSON strings without quotes. The answer is what matches() and find()
// give: the groups from the whole match on, or "no".
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.regex.*;

class Record {
    public static void main(String[] args) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line; (line = in.readLine()) != null; ) {
            String[] part = line.split("\t", -1);
            out.println(line + "\t" + answer(part[0], unescape(part[1]), unescape(part[2])));
        }
        out.flush();
    }

    static String answer(String flags, String pattern, String text) {
        int f = (flags.contains("i") ? Pattern.CASE_INSENSITIVE : 0) | (flags.contains("s") ? Pattern.DOTALL : 0);
        try {
            Pattern p = Pattern.compile(pattern, f);
            Matcher m = p.matcher(text);
            String whole = m.matches() ? groups(m) : "no";
            Matcher n = p.matcher(text);
            return whole + "\t" + (n.find() ? groups(n) : "no");
        } catch (PatternSyntaxException e) {
            return "error\terror";
        }
    }

    static String groups(Matcher m) {
        var b = new StringBuilder();
        for (int i = 0; i <= m.groupCount(); i++) {
            b.append(i == 0 ? "" : "|").append(m.group(i) == null ? "NULL" : escape(m.group(i)));
        }
        return b.toString();
    }

    static String escape(String s) {
        return s.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t").replace("|", "\\p");
    }

    static String unescape(String s) {
        return s.replace("\\\\", "\0").replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t").replace("\0", "\\");
    }
}

/** Starts a Trino 435; its version is told because the class path has no manifest of a server. */
public class Judge {
    public static void main(String[] args) {
        new io.trino.server.Server().start("435");
    }
}

import org.elasticmq.rest.sqs.SQSRestServerBuilder;

/** Starts ElasticMQ in memory: java -cp 'lib/*' ElasticMQ.java PORT */
public class ElasticMQ {
    public static void main(String[] args) {
        SQSRestServerBuilder
            .withInterface("127.0.0.1")
            .withPort(Integer.parseInt(args[0]))
            .start()
            .waitUntilStarted();
    }
}

// SQS as the AWS SDK for JavaScript sees it: unmodified clients, an endpoint from
// the environment. Run by TestJavaScript, or by hand:
// eval "$(scops env)"; node --test sqs.test.mjs
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import http from 'node:http';
import {after, before, test} from 'node:test';
import {
  ChangeMessageVisibilityCommand, CreateQueueCommand, DeleteMessageBatchCommand, DeleteMessageCommand, DeleteQueueCommand,
  GetQueueAttributesCommand, GetQueueUrlCommand, ListQueueTagsCommand, paginateListQueues, QueueDoesNotExist,
  ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient, TagQueueCommand, UntagQueueCommand,
} from '@aws-sdk/client-sqs';

const endpoint = process.env.AWS_ENDPOINT_URL;
const unique = (prefix) => prefix + randomUUID().slice(0, 12);
const sqs = new SQSClient();
const QueueName = unique('js-');
let QueueUrl;

before(async () => { ({QueueUrl} = await sqs.send(new CreateQueueCommand({QueueName, tags: {team: '한국'}}))); });
after(async () => {
  await sqs.send(new DeleteQueueCommand({QueueUrl}));
  sqs.destroy();
});

const receive = (more) => sqs.send(new ReceiveMessageCommand({QueueUrl, WaitTimeSeconds: 20, ...more}));

test('queues', async () => {
  assert.equal(QueueUrl, `${endpoint}/000000000000/${QueueName}`);
  assert.equal((await sqs.send(new GetQueueUrlCommand({QueueName}))).QueueUrl, QueueUrl);
  const found = [];
  for await (const page of paginateListQueues({client: sqs, pageSize: 1}, {QueueNamePrefix: QueueName})) found.push(...page.QueueUrls ?? []);
  assert.deepEqual(found, [QueueUrl]);
  const {Attributes} = await sqs.send(new GetQueueAttributesCommand({QueueUrl, AttributeNames: ['VisibilityTimeout']}));
  assert.deepEqual(Attributes, {VisibilityTimeout: '30'});
  await sqs.send(new TagQueueCommand({QueueUrl, Tags: {a: 'b'}}));
  await sqs.send(new UntagQueueCommand({QueueUrl, TagKeys: ['team']}));
  assert.deepEqual((await sqs.send(new ListQueueTagsCommand({QueueUrl}))).Tags, {a: 'b'});
  await assert.rejects(sqs.send(new GetQueueUrlCommand({QueueName: unique('none-')})), (err) => {
    assert.ok(err instanceof QueueDoesNotExist);
    assert.equal(err.Error.Code, 'AWS.SimpleQueueService.NonExistentQueue');
    return true;
  });
});

test('messages', async () => { // the SDK compares the MD5 of bodies itself
  const MessageBody = '본문 <&> "\r\n\t🛒';
  const MessageAttributes = {
    n: {DataType: 'Number', StringValue: '5'},
    b: {DataType: 'Binary', BinaryValue: new Uint8Array([0, 255])},
  };
  const sent = await sqs.send(new SendMessageCommand({QueueUrl, MessageBody, MessageAttributes}));
  const {Messages: [got]} = await receive({MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['ApproximateReceiveCount']});
  assert.equal(got.Body, MessageBody);
  assert.equal(got.MessageId, sent.MessageId);
  assert.equal(got.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
  assert.equal(got.MessageAttributes.n.StringValue, '5');
  assert.deepEqual([...got.MessageAttributes.b.BinaryValue], [0, 255]);
  assert.deepEqual(got.Attributes, {ApproximateReceiveCount: '1'});
  assert.equal((await receive({WaitTimeSeconds: 0})).Messages, undefined);
  await sqs.send(new ChangeMessageVisibilityCommand({QueueUrl, ReceiptHandle: got.ReceiptHandle, VisibilityTimeout: 0}));
  const {Messages: [again]} = await receive();
  await sqs.send(new DeleteMessageCommand({QueueUrl, ReceiptHandle: again.ReceiptHandle}));
});

test('batches', async () => {
  const Entries = Array.from({length: 10}, (_, i) => ({Id: `e-${i}`, MessageBody: `본문 ${i}`}));
  const {Successful, Failed} = await sqs.send(new SendMessageBatchCommand({QueueUrl, Entries}));
  assert.equal(Successful.length, 10);
  assert.equal(Failed?.length ?? 0, 0);
  const bodies = [];
  while (bodies.length < 10) {
    const {Messages} = await receive({MaxNumberOfMessages: 10});
    bodies.push(...Messages.map((m) => m.Body));
    const done = await sqs.send(new DeleteMessageBatchCommand({
      QueueUrl, Entries: Messages.map(({ReceiptHandle}, i) => ({Id: `${i}`, ReceiptHandle})),
    }));
    assert.equal(done.Successful.length, Messages.length);
  }
  assert.deepEqual(bodies.sort(), Entries.map((e) => e.MessageBody));
});

test('FIFO queues', async () => {
  const {QueueUrl: url} = await sqs.send(new CreateQueueCommand({
    QueueName: `${unique('js-')}.fifo`, Attributes: {FifoQueue: 'true', ContentBasedDeduplication: 'true'},
  }));
  const put = (MessageBody, MessageGroupId, more) => sqs.send(new SendMessageCommand({QueueUrl: url, MessageBody, MessageGroupId, ...more}));
  const first = await put('a-1', 'a');
  const again = await put('a-1', 'a');
  assert.equal(again.MessageId, first.MessageId);
  assert.equal(again.SequenceNumber, first.SequenceNumber);
  const second = await put('a-2', 'a');
  assert.ok(second.SequenceNumber > first.SequenceNumber);
  await put('b-1', 'b', {MessageDeduplicationId: 'x'});
  const {Messages} = await receive({QueueUrl: url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All']});
  assert.deepEqual(Messages.map((m) => m.Body).filter((b) => b.startsWith('a')), ['a-1', 'a-2']);
  assert.equal(Messages.find((m) => m.Body === 'b-1').Attributes.MessageDeduplicationId, 'x');
  assert.equal(Messages[0].Attributes.SequenceNumber.length, 20);
  const {Failed} = await sqs.send(new DeleteMessageBatchCommand({
    QueueUrl: url, Entries: Messages.map(({ReceiptHandle}, i) => ({Id: `${i}`, ReceiptHandle})),
  }));
  assert.equal(Failed?.length ?? 0, 0);
  await sqs.send(new DeleteQueueCommand({QueueUrl: url}));
});

// Without an endpoint in its configuration the SDK sends to the origin of the
// QueueUrl. The URL that scops gives has the host that the client asked, so that
// both ways lead to the same server, also through a proxy.
test('requests go to the origin of the queue URL', async () => {
  const asked = [];
  const proxy = http.createServer((req, res) => {
    asked.push(req.headers['x-amz-target']);
    const {hostname, port} = new URL(endpoint);
    req.pipe(http.request({hostname, port, method: req.method, path: req.url, headers: req.headers}, (answer) => {
      res.writeHead(answer.statusCode, answer.headers);
      answer.pipe(res);
    }));
  });
  await new Promise((ready) => proxy.listen(0, '127.0.0.1', ready));
  const address = `http://127.0.0.1:${proxy.address().port}`;
  const through = new SQSClient({endpoint: address});
  const url = (await through.send(new GetQueueUrlCommand({QueueName}))).QueueUrl;
  assert.equal(url, `${address}/000000000000/${QueueName}`);
  await sqs.send(new SendMessageCommand({QueueUrl: url, MessageBody: 'by the origin'})); // of a client that does not know the proxy
  assert.deepEqual(asked, ['AmazonSQS.GetQueueUrl', 'AmazonSQS.SendMessage']);
  const {Messages: [got]} = await receive();
  assert.equal(got.Body, 'by the origin');
  await sqs.send(new DeleteMessageCommand({QueueUrl, ReceiptHandle: got.ReceiptHandle}));
  through.destroy();
  proxy.closeAllConnections();
  proxy.close();
});

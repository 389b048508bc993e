// Starts the real scops, sends to it with the AWS SDK for JavaScript, and counts
// what it sent.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {GetQueueUrlCommand, SendMessageBatchCommand, SQSClient} from '@aws-sdk/client-sqs';

const binary = process.env.SCOPS_BIN;
const config = new URL('scops.yaml', import.meta.url).pathname;
const endOf = (child) => (child.exitCode ?? child.signalCode) === null ? once(child, 'exit') : null;

export class Scops {
  static async start() {
    const s = new Scops();
    s.data = await mkdtemp(path.join(tmpdir(), 'scops-browser-'));
    await s.run('127.0.0.1:0');
    const keys = await readFile(path.join(s.data, 'credentials'), 'utf8');
    [s.keyID, s.secret] = ['aws_access_key_id', 'aws_secret_access_key'].map((name) => keys.match(new RegExp(`${name} = (\\S+)`))[1]);
    s.sqs = new SQSClient({
      endpoint: s.endpoint, region: 'ap-northeast-2',
      credentials: {accessKeyId: s.keyID, secretAccessKey: s.secret},
    });
    s.queueUrl = (await s.sqs.send(new GetQueueUrlCommand({QueueName: 'orders'}))).QueueUrl;
    return s;
  }

  // run starts the process on the data folder as it is, and reads the endpoint
  // and the one-time link from what it prints.
  async run(listen) {
    this.process = spawn(binary, ['serve', '--data', this.data, '--listen', listen, '--config', config], {stdio: ['ignore', 'pipe', 'pipe']});
    this.log = '';
    this.process.stderr.on('data', (chunk) => { this.log += chunk; });
    let printed = '';
    for await (const chunk of this.process.stdout.iterator({destroyOnReturn: false})) {
      printed += chunk;
      const found = printed.match(/^endpoint +(\S+)\nconsole +(\S+)/m);
      if (found) {
        [, this.endpoint, this.link] = found;
        this.process.stdout.resume();
        return;
      }
    }
    throw new Error(`scops ended at its start:\n${this.log}`);
  }

  async stop() {
    const end = endOf(this.process);
    this.process.kill('SIGTERM');
    await end;
  }

  async restart() {
    await this.stop();
    await this.run(new URL(this.endpoint).host);
  }

  async close() {
    this.sqs.destroy();
    await this.stop();
    await rm(this.data, {recursive: true});
  }

  // send takes the bodies of messages, and returns when all are acknowledged.
  async send(bodies) {
    for (let i = 0; i < bodies.length; i += 10) {
      const Entries = bodies.slice(i, i + 10).map((MessageBody, n) => ({Id: `m${n}`, MessageBody}));
      const {Failed} = await this.sqs.send(new SendMessageBatchCommand({QueueUrl: this.queueUrl, Entries}));
      if (Failed?.length) throw new Error(JSON.stringify(Failed));
    }
  }
}

export const districts = ['강남구', '강서구', '마포구', '서초구', '송파구', '종로구'];
const deliveryTypes = ['same-day', 'dawn', 'standard', 'pickup'];
const products = 40; // more than a chart shows

// orders makes n events of a day (2021-03-02) in Seoul.
export function orders(n, day) {
  return Array.from({length: n}, (_, i) => ({
    ordered_at: `${day}T${String(i % 24).padStart(2, '0')}:30:00+09:00`,
    district: districts[i % 7 % districts.length],
    delivery_type: deliveryTypes[i % 9 % deliveryTypes.length],
    product_name: `product-${String(1 + i % products).padStart(2, '0')}`,
  }));
}

// countBy is what a breakdown must show: label → count.
export function countBy(events, column) {
  const counts = {};
  for (const e of events) counts[e[column]] = (counts[e[column]] ?? 0) + 1;
  return counts;
}

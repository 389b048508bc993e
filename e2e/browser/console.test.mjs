// The console in a real browser, from the login to the numbers on the page.
import assert from 'node:assert/strict';
import {mkdir, readdir, rm} from 'node:fs/promises';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {chromium} from 'playwright-core';
import {countBy, orders, Scops} from './scops.mjs';

const artifacts = process.env.SCOPS_ARTIFACTS;
const columns = ['district', 'delivery_type', 'product_name'];
const patience = 20_000; // ms

let scops, browser, context, page;
const requests = []; // of every page
const complaints = []; // what the browser's console says

before(async () => {
  await mkdir(artifacts, {recursive: true});
  scops = await Scops.start();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  context = await open();
  page = await context.newPage();
});

after(async () => {
  await browser?.close();
  await scops?.close();
});

// open makes a browser profile of its own: no cookies, English.
async function open(options) {
  const c = await browser.newContext({locale: 'en-US', timezoneId: 'Asia/Seoul', viewport: {width: 1280, height: 900}, ...options});
  c.setDefaultTimeout(patience);
  c.on('request', (r) => requests.push(r.url()));
  c.on('console', (m) => ['error', 'warning'].includes(m.type()) && complaints.push(m.text()));
  c.on('weberror', (e) => complaints.push(String(e.error())));
  return c;
}

const at = (p) => scops.endpoint + p;
const inBooks = (text) => page.locator('#books', {hasText: text}).waitFor();

// totals waits until every breakdown shows a number of events.
async function totals(n) {
  for (const column of columns) await page.locator(`section[data-column=${column}][data-total="${n}"]`).waitFor({state: 'attached'});
}

// table reads the table of a breakdown: label → count.
async function table(column) {
  const cells = await page.locator(`section[data-column=${column}] tbody tr`).evaluateAll((rows) =>
    rows.map((r) => [r.cells[0].textContent, Number(r.cells[1].textContent.replaceAll(',', ''))]));
  return Object.fromEntries(cells);
}

async function showsExactly(events) {
  await totals(events.length);
  for (const column of columns) assert.deepEqual(await table(column), countBy(events, column), column);
}

// barPixels counts the pixels of a chart that have the colour of its bars.
const barPixels = (column) => page.locator(`section[data-column=${column}] canvas`).evaluate((canvas) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {willReadFrequently: true});
  copy.drawImage(canvas, 0, 0);
  const {data} = copy.getImageData(0, 0, canvas.width, canvas.height);
  let n = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] === 0x3b && data[i + 1] === 0x6e && data[i + 2] === 0xa8) n++;
  return n;
});

// screenshot keeps the page as it is now, wide and narrow, and checks that the
// narrow one needs no scrolling sideways.
async function screenshot(name) {
  for (const width of [1280, 390]) {
    await page.setViewportSize({width, height: 900});
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))); // charts follow their size
    await page.screenshot({path: path.join(artifacts, `console-${name}-${width}.png`), fullPage: true});
    const overflow = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${name} at ${width} overflows by ${overflow} pixels`);
  }
  await page.setViewportSize({width: 1280, height: 900});
}

async function fillLogin(keyID, secret) {
  await page.getByLabel('Access key ID').fill(keyID);
  await page.getByLabel('Secret access key').fill(secret);
  await page.keyboard.press('Enter');
}

async function choose(from, to) {
  await page.getByLabel('From').fill(from);
  await page.getByLabel('to', {exact: true}).fill(to);
  await page.getByRole('button', {name: 'Show'}).click();
}

test('without a login nothing can be read', async () => {
  const stranger = await open();
  for (const [method, p] of [
    ['GET', '/_scops/v1/page'], ['GET', '/_scops/v1/breakdowns'], ['GET', '/_scops/v1/deliveries'], ['POST', '/_scops/v1/query'], ['POST', '/_scops/logout'],
  ]) {
    for (const headers of [{}, {Cookie: 'scops_session=GUESS'}, {Authorization: 'Bearer x'}]) {
      const answer = await stranger.request.fetch(at(p), {method, headers, data: method === 'POST' ? {sql: 'SELECT 1'} : undefined});
      assert.equal(answer.status(), 403, `${method} ${p}`);
      assert.equal((await answer.json()).error.code, 'AccessDenied');
    }
  }
  const index = await stranger.request.get(at('/_scops/'), {maxRedirects: 0});
  assert.equal(index.status(), 302);
  assert.equal(await index.text(), '');
  await stranger.close();
});

test('wrong keys are refused', async () => {
  await page.goto(at('/_scops/'));
  await screenshot('login');
  for (const [keyID, secret] of [[scops.keyID, 'x'.repeat(40)], ['AKIAXXXXXXXXXXXXXXXX', scops.secret]]) {
    const answer = page.waitForResponse((r) => r.request().method() === 'POST');
    await fillLogin(keyID, secret);
    assert.equal((await answer).headers().location, '/_scops/login?wrong');
    await page.getByRole('alert').getByText('is wrong').waitFor();
    assert.equal((await context.cookies()).length, 0);
  }
});

test('the keys log in, and out', async () => {
  await fillLogin(scops.keyID, scops.secret);
  await page.getByRole('heading', {name: 'Orders'}).waitFor();
  const [cookie] = await context.cookies();
  assert.ok(cookie.httpOnly);
  assert.equal(cookie.sameSite, 'Strict');
  await page.getByRole('button', {name: 'Log out'}).click();
  await page.waitForURL('**/login');
  assert.equal((await context.cookies()).length, 0);
  const answer = await context.request.get(at('/_scops/v1/page'), {headers: {Cookie: `scops_session=${cookie.value}`}});
  assert.equal(answer.status(), 403, 'the session has ended, not only its cookie');
});

test('a link logs in once', async () => {
  await page.goto(scops.link);
  await page.getByRole('heading', {name: 'Orders'}).waitFor();
  const other = await open();
  const second = await other.newPage();
  await second.goto(scops.link);
  await second.getByRole('alert').getByText('used already').waitFor();
  await other.close();
});

test('without events the page says so', async () => {
  await totals(0);
  assert.equal(await page.getByText('No events in these days.').count(), columns.length);
  assert.equal(await page.locator('canvas:visible').count(), 0);
  await inBooks('0 events still queued, 0 rejected');
  await screenshot('empty');
});

const first = orders(1800, '2021-03-01');
const second = orders(1200, '2021-03-02');

test('events appear without a reload, and the dates follow', async () => {
  await page.evaluate(() => { window.neverReloaded = true; });
  await scops.send(first.map((e) => JSON.stringify(e)));
  await showsExactly(first);
  assert.equal(await page.getByLabel('From').inputValue(), '2021-03-01');
  assert.equal(await page.getByLabel('to', {exact: true}).inputValue(), '2021-03-01');
  await scops.send(second.map((e) => JSON.stringify(e)));
  await showsExactly([...first, ...second]);
  assert.equal(await page.getByLabel('to', {exact: true}).inputValue(), '2021-03-02');
  await inBooks('0 events still queued, 0 rejected');
  assert.ok(await page.evaluate(() => window.neverReloaded));
});

test('the charts are drawn', async () => {
  for (const column of columns) assert.ok(await barPixels(column) > 5000, column);
  await screenshot('en');
});

test('a range of dates reads its partitions alone', async () => {
  const before = await barPixels('district');
  await choose('2021-03-02', '2021-03-02');
  await showsExactly(second);
  for (const column of columns) await page.locator(`section[data-column=${column}] .figures`, {hasText: '1 of 2 partitions'}).waitFor();
  assert.notEqual(await barPixels('district'), before);
});

test('a chosen range stays when a new day comes', async () => {
  const third = orders(60, '2021-03-03');
  await scops.send(third.map((e) => JSON.stringify(e)));
  await page.locator('section[data-column=district] .figures', {hasText: '1 of 3 partitions'}).waitFor();
  await showsExactly(second);
  assert.equal(await page.getByLabel('to', {exact: true}).inputValue(), '2021-03-02');
  await page.getByRole('button', {name: 'All days'}).click();
  await showsExactly([...first, ...second, ...third]);
  assert.equal(await page.getByLabel('to', {exact: true}).inputValue(), '2021-03-03');
});

test('dates that are being typed are left alone', async () => {
  await page.getByLabel('From').fill('2021-03-02');
  await scops.send(orders(10, '2021-03-04').map((e) => JSON.stringify(e)));
  await totals(3070);
  assert.equal(await page.getByLabel('From').inputValue(), '2021-03-02');
  await page.getByRole('button', {name: 'All days'}).click();
  await page.waitForFunction(() => document.getElementById('from').value === '2021-03-01');
  assert.equal(await page.getByLabel('to', {exact: true}).inputValue(), '2021-03-04');
});

test('a range that ends before it begins is not sent', async () => {
  const sent = requests.length;
  await choose('2021-03-03', '2021-03-02');
  assert.equal(await page.locator('#to').evaluate((e) => e.validity.valid), false);
  assert.equal(requests.slice(sent).filter((r) => r.includes('from=2021-03-03')).length, 0);
  await page.getByRole('button', {name: 'All days'}).click();
});

test('rejected events are counted and shown', async () => {
  await scops.send(['{"district": 7}', 'not JSON']);
  await inBooks('2 rejected');
  const books = await page.locator('#deliveries tbody tr td').allTextContents();
  assert.deepEqual(books, ['orders', 'running', '3,072', '0', '0', '3,070', '2', '0', '0', '0']);
});

test('Korean and English', async () => {
  await page.getByLabel('Language').selectOption('한국어');
  await page.getByRole('heading', {name: '구별'}).waitFor();
  assert.equal(await page.title(), '주문');
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ko');
  await inBooks('거부 2건');
  await page.reload();
  await page.getByRole('heading', {name: '배송 유형별'}).waitFor();
  await totals(3070);
  await screenshot('ko');
  await page.getByLabel('Language').selectOption('English');
  await page.getByRole('heading', {name: 'By district'}).waitFor();
  const korean = await open({locale: 'ko-KR'});
  const login = await korean.newPage();
  await login.goto(at('/_scops/'));
  await login.getByLabel('비밀 액세스 키').waitFor();
  await korean.close();
});

test('the keyboard reaches every control', async () => {
  await page.locator('body').press('Tab');
  const reached = new Set();
  for (let i = 0; i < 40; i++) {
    reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.textContent.trim()));
    await page.keyboard.press('Tab');
  }
  for (const control of ['from', 'to', 'Show', 'all', 'language', 'Log out', 'rows', 'SQL', 'scroll']) {
    assert.ok(reached.has(control), `${control} is not among ${[...reached]}`);
  }
});

test('what has not changed is answered by the earlier result', async () => {
  const again = page.locator('.figures').filter({hasText: 'the earlier result again'});
  await choose('2021-03-01', '2021-03-02');
  await choose('2021-03-03', '2021-03-03');
  await choose('2021-03-01', '2021-03-02');
  await again.nth(columns.length - 1).waitFor();
  await screenshot('reused');
});

test('every request stayed at the origin, and the browser had nothing to complain about', () => {
  assert.ok(requests.length > 20);
  assert.deepEqual(requests.filter((r) => !r.startsWith(scops.endpoint + '/') && !r.startsWith('data:')), []);
  assert.deepEqual(complaints, []);
});

test('a query that fails says why', async () => {
  const day = path.join(scops.data, 'objects/shop-logs/orders/year=2021/month=03/day=02');
  for (const file of await readdir(day)) await rm(path.join(day, file));
  await choose('2021-03-02', '2021-03-03'); // days that nobody has asked for together
  await page.getByRole('alert').filter({hasText: 'This query failed'}).nth(columns.length - 1).waitFor();
  assert.equal(await page.locator('canvas:visible').count(), 0);
  await screenshot('failed');
  await page.getByRole('button', {name: 'All days'}).click();
});

test('the page tells that scops is away, and asks for a login when it is back', async () => {
  await scops.stop();
  await page.getByRole('alert').getByText('scops does not answer').waitFor();
  await screenshot('offline');
  await scops.restart();
  await page.waitForURL('**/login');
  await page.goto(scops.link);
  await page.getByRole('heading', {name: 'Orders'}).waitFor();
  await inBooks('2 rejected');
});

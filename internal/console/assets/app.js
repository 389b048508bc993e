import {language, text, stateText, translate, languageChooser} from './messages.js';

const chartRows = 25; // bars in a chart; the table has every row
const pollMillis = 1000;

const $ = (id) => document.getElementById(id);
const state = {
  page: null, // GET /_scops/v1/page
  books: [], // GET /_scops/v1/deliveries
  breakdowns: [], // GET /_scops/v1/breakdowns
  charts: [],
  chosen: null, // the range that the user chose; null follows the data
  edited: false, // the inputs hold a range that was not sent yet
  seen: null, // events in files when the numbers were asked for
  problem: null, // the text of what goes wrong
  again: false, // ask once more when the answer under way is there
  asking: false,
};

// Requests.

class Refused extends Error {}

async function ask(path) {
  const response = await fetch(path, {headers: {Accept: 'application/json'}});
  if (response.status === 403) {
    location.href = '/_scops/login';
    return new Promise(() => {}); // the page goes away
  }
  const body = await response.json();
  if (!response.ok) throw new Refused(body.error.message);
  return body;
}

// attempt runs a step; what goes wrong in it stays on the page until a later
// attempt succeeds.
async function attempt(step) {
  try {
    await step();
    state.problem = null;
  } catch (e) {
    if (!(e instanceof Refused)) console.error(e);
    const message = e.message;
    state.problem = e instanceof Refused ? () => message : () => text('offline');
    state.seen = null; // ask for everything again
  }
  drawProblem();
}

async function loadPage() {
  state.page = await ask('/_scops/v1/page');
  drawTitle();
  drawRange();
}

// loadBreakdowns asks for the numbers; while it waits a further wish is noted,
// not sent.
async function loadBreakdowns() {
  if (!state.page.table) return;
  state.again = state.asking;
  if (state.asking) return;
  state.asking = true;
  try {
    do {
      state.again = false;
      const range = state.chosen ?? state.page.dates ?? {};
      const answer = await ask('/_scops/v1/breakdowns?' + new URLSearchParams(range));
      state.breakdowns = answer.breakdowns;
      drawBreakdowns();
    } while (state.again);
  } finally {
    state.asking = false;
  }
}

async function load() {
  await loadPage();
  await loadBreakdowns();
}

// look reads the books; when more is in files than at the last look, the page
// and its numbers are asked for again.
async function look() {
  state.books = (await ask('/_scops/v1/deliveries')).deliveries;
  drawBooks();
  const now = state.books.map((d) => d.in_files).join();
  if (state.seen === now) return;
  await load();
  drawBooks(); // the page says which delivery is its own
  state.seen = now;
}

// poll looks again and again, but leaves scops twice the time that it took.
async function poll() {
  const start = performance.now();
  if (!document.hidden) await attempt(look);
  setTimeout(poll, Math.max(pollMillis, 2 * (performance.now() - start)));
}

// Drawing.

const number = (n) => new Intl.NumberFormat(language()).format(n);
const label = (row) => row.label ?? text('nullLabel');
const others = (n) => (n > 0 ? text('others', {n: number(n)}) : '');
const shorten = (s) => (s.length > 24 ? s.slice(0, 23) + '…' : s);
const title = (item) => (language() === 'ko' ? item.title_ko : item.title);

function bytes(n) {
  for (const [unit, size] of [['GB', 1e9], ['MB', 1e6], ['kB', 1e3]]) {
    if (n >= size) return `${(n / size).toFixed(1)} ${unit}`;
  }
  return `${n} B`;
}

function show(element, content) {
  element.hidden = !content;
  element.textContent = content || '';
}

function row(cells) {
  const tr = document.createElement('tr');
  for (const cell of cells) tr.insertCell().textContent = cell;
  return tr;
}

function drawProblem() {
  const message = state.problem?.();
  if ($('problem').textContent !== (message ?? '')) show($('problem'), message); // an alert is read aloud once
}

function drawTitle() {
  if (!state.page) return;
  $('title').textContent = document.title = title(state.page);
  show($('no-page'), state.page.table ? null : text('noPage'));
}

// drawRange lets the inputs follow the data unless the user touched them.
function drawRange() {
  const dates = state.page.dates;
  $('range').hidden = !dates;
  if (!dates) return;
  $('from').min = dates.from;
  $('to').max = dates.to;
  if (!state.chosen && !state.edited) {
    $('from').value = dates.from;
    $('to').value = dates.to;
  }
  limitRange();
}

// limitRange keeps the end behind the beginning; the browser says so in the
// user's language.
function limitRange() {
  $('to').min = $('from').value || $('from').min;
  $('from').max = $('to').max;
}

function drawBreakdowns() {
  const main = $('breakdowns');
  state.breakdowns.forEach((b, i) => {
    if (!main.children[i]) {
      main.append($('breakdown').content.cloneNode(true));
      translate(main.children[i]);
    }
    drawBreakdown(main.children[i], b, i);
  });
}

function drawBreakdown(section, b, i) {
  section.dataset.column = b.column;
  section.dataset.total = b.total;
  section.querySelector('h2').textContent = title(b);
  section.querySelector('.label').textContent = b.column;
  section.querySelector('.sql').textContent = b.sql;
  show(section.querySelector('.problem'), b.error && text('failed', {message: b.error.message}));
  show(section.querySelector('.empty'), !b.error && b.rows.length === 0 && text('noEvents'));
  show(section.querySelector('.figures'), !b.error && text(b.statistics.reused_from ? 'reused' : 'figures', {
    total: number(b.total), ms: number(b.statistics.total_ms.toFixed(1)), read: number(b.statistics.partitions_read),
    partitions: number(b.statistics.partitions_total), bytes: bytes(b.statistics.bytes_scanned), cost: b.cost_usd.toFixed(6),
    price: state.page.pricing.per_tb, minimum: state.page.pricing.minimum_bytes / 1e6,
  }));
  const warnings = b.statistics.warnings ?? [];
  section.querySelector('.warnings').hidden = warnings.length === 0;
  section.querySelector('.warnings').replaceChildren(...warnings.map((w) => Object.assign(document.createElement('li'), {textContent: w.message})));
  for (const part of section.querySelectorAll('.chart, .rows')) part.hidden = b.rows.length === 0;
  section.querySelector('tbody').replaceChildren(...b.rows.map((r) =>
    row([label(r), number(r.count), text('percent', {n: (100 * r.count / b.total).toFixed(1)})])));
  show(section.querySelector('.more'), others(b.values - b.rows.length));
  drawChart(section, b, i);
}

function drawChart(section, b, i) {
  const shown = b.rows.slice(0, chartRows);
  const canvas = section.querySelector('canvas');
  canvas.setAttribute('aria-label', text('chart', {title: title(b)}));
  section.querySelector('.chart').style.height = `${22 * shown.length + 60}px`;
  const chart = state.charts[i] ??= newChart(canvas);
  chart.data.labels = shown.map(label);
  chart.data.datasets[0].data = shown.map((r) => r.count);
  const rest = others(b.values - shown.length);
  Object.assign(chart.options.plugins.subtitle, {display: !!rest, text: rest});
  chart.update();
}

function newChart(canvas) {
  return new Chart(canvas, {
    type: 'bar',
    data: {labels: [], datasets: [{data: [], backgroundColor: '#3b6ea8', borderRadius: 3, maxBarThickness: 22}]},
    options: {
      indexAxis: 'y', responsive: true, maintainAspectRatio: false, animation: false,
      plugins: {
        legend: {display: false},
        subtitle: {position: 'bottom'},
        tooltip: {callbacks: {label: (item) => number(item.raw)}},
      },
      scales: {
        x: {beginAtZero: true, ticks: {callback: (v) => number(v), precision: 0, maxRotation: 0}},
        y: {ticks: {autoSkip: false, callback(v) { return shorten(this.getLabelForValue(v)); }}},
      },
    },
  });
}

// clock is the time of an answer, with its day unless that is today.
function clock(time) {
  const t = new Date(time);
  const options = {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'};
  if (t.toDateString() !== new Date().toDateString()) Object.assign(options, {year: 'numeric', month: '2-digit', day: '2-digit'});
  return new Intl.DateTimeFormat(language(), options).format(t);
}

function drawBooks() {
  const table = state.page?.table.toLowerCase();
  const shown = table ? state.books.filter((d) => `${d.database}.${d.table}` === table) : [];
  show($('books'), shown.map((d) => text('complete', {
    time: clock(d.complete_up_to), queued: number(d.in_queue + d.in_flight - d.in_memory), rejected: number(d.rejected),
  })).join(' · '));
  $('deliveries').hidden = state.books.length === 0;
  $('deliveries').querySelector('tbody').replaceChildren(...state.books.map((d) => row([
    d.name, stateText(d.state) + (d.reason ? ` (${d.reason})` : ''),
    ...[d.sent, d.in_queue, d.in_flight, d.in_files, d.rejected, d.filtered, d.duplicates, d.elsewhere].map(number),
  ])));
}

// What the user does.

$('range').addEventListener('input', () => {
  state.edited = true;
  limitRange();
});
$('range').addEventListener('submit', (e) => {
  e.preventDefault();
  state.chosen = {from: $('from').value, to: $('to').value};
  state.edited = false;
  attempt(loadBreakdowns);
});
$('all').addEventListener('click', () => {
  state.chosen = null;
  state.edited = false;
  attempt(load);
});
languageChooser($('language'), () => {
  drawTitle();
  drawBreakdowns();
  drawBooks();
  drawProblem();
});
translate();
poll();

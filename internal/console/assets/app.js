import {language, text, stateText, translate, languageChooser} from './messages.js';

const chartRows = 25; // bars in a chart; the table has every row
const pollMillis = 1000;

const $ = (id) => document.getElementById(id);
const state = {page: null, breakdowns: [], books: [], charts: [], followDates: true, seen: null, asking: false, again: false};

// Requests.

async function ask(path) {
  const response = await fetch(path, {headers: {Accept: 'application/json'}});
  if (response.status === 403) {
    location.href = '/_scops/login';
    throw new Error('logged out');
  }
  const body = await response.json();
  if (!response.ok) throw new Error(body.error.message);
  return body;
}

function problem(message) {
  $('problem').hidden = !message;
  $('problem').textContent = message ?? '';
}

async function loadPage() {
  state.page = await ask('/_scops/v1/page');
  const dates = state.page.dates;
  $('range').hidden = !dates;
  if (!dates) return;
  for (const input of [$('from'), $('to')]) {
    input.min = dates.from;
    input.max = dates.to;
  }
  if (state.followDates) {
    $('from').value = dates.from;
    $('to').value = dates.to;
  }
}

// loadBreakdowns asks for the numbers; while it waits a further wish is noted,
// not sent.
async function loadBreakdowns() {
  if (!state.page.table) return;
  if (state.asking) {
    state.again = true;
    return;
  }
  state.asking = true;
  try {
    const q = new URLSearchParams();
    if (state.page.dates) {
      q.set('from', $('from').value);
      q.set('to', $('to').value);
    }
    state.breakdowns = (await ask('/_scops/v1/breakdowns?' + q)).breakdowns;
    problem(null);
    drawBreakdowns();
  } catch (e) {
    problem(e.message);
  } finally {
    state.asking = false;
  }
  if (state.again) {
    state.again = false;
    await loadBreakdowns();
  }
}

// poll looks at the books once a second; when more is in files than at the last
// look, the numbers are asked again.
async function poll() {
  try {
    if (!document.hidden) {
      state.books = (await ask('/_scops/v1/deliveries')).deliveries;
      drawBooks();
      const now = state.books.map((d) => d.in_files).join();
      if (state.seen !== null && state.seen !== now) {
        await loadPage();
        await loadBreakdowns();
      }
      state.seen = now;
    }
  } catch {
    problem(text('offline'));
    state.seen = ''; // ask again when it answers
  }
  setTimeout(poll, pollMillis);
}

// Drawing.

const number = (n) => new Intl.NumberFormat(language()).format(n);
const label = (row) => row.label ?? text('nullLabel');

function bytes(n) {
  for (const [unit, size] of [['GB', 1e9], ['MB', 1e6], ['kB', 1e3]]) {
    if (n >= size) return `${(n / size).toFixed(1)} ${unit}`;
  }
  return `${n} B`;
}

function title(item) {
  return language() === 'ko' ? item.title_ko : item.title;
}

function drawTitle() {
  if (!state.page) return;
  $('title').textContent = title(state.page);
  document.title = title(state.page);
  if (!state.page.table) problem(text('noPage'));
}

function drawBreakdowns() {
  const main = $('breakdowns');
  while (main.children.length > state.breakdowns.length) main.lastElementChild.remove();
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
  const failed = section.querySelector('.problem');
  failed.hidden = !b.error;
  failed.textContent = b.error ? text('failed', {message: b.error.message}) : '';
  section.querySelector('.figures').textContent = text('figures', {
    total: number(b.total), ms: b.statistics.total_ms.toFixed(1), read: b.statistics.partitions_read,
    partitions: b.statistics.partitions_total, bytes: bytes(b.statistics.bytes_scanned), cost: b.cost_usd.toFixed(6),
    price: state.page.pricing.per_tb, minimum: state.page.pricing.minimum_bytes / 1e6,
  });
  drawTable(section.querySelector('tbody'), b);
  drawChart(section, b, i);
}

function drawTable(body, b) {
  body.replaceChildren(...b.rows.map((row) => {
    const tr = document.createElement('tr');
    for (const cell of [label(row), number(row.count), `${(100 * row.count / b.total).toFixed(1)} %`]) {
      const td = document.createElement('td');
      td.textContent = cell;
      tr.append(td);
    }
    return tr;
  }));
}

function drawChart(section, b, i) {
  const shown = b.rows.slice(0, chartRows);
  const rest = b.rows.slice(chartRows);
  const labels = shown.map(label);
  const data = shown.map((r) => r.count);
  const canvas = section.querySelector('canvas');
  canvas.setAttribute('aria-label', title(b));
  section.querySelector('.chart').style.height = `${Math.max(120, 22 * labels.length + 50)}px`;
  const note = rest.length ? text('others', {n: rest.length}) : '';
  if (state.charts[i]) {
    const chart = state.charts[i];
    chart.data.labels = labels;
    chart.data.datasets[0].data = data;
    chart.options.plugins.subtitle = {display: !!note, text: note, position: 'bottom'};
    chart.update();
    return;
  }
  state.charts[i] = new Chart(canvas, {
    type: 'bar',
    data: {labels, datasets: [{data, backgroundColor: '#3b6ea8', borderRadius: 3}]},
    options: {
      indexAxis: 'y', responsive: true, maintainAspectRatio: false, animation: false,
      plugins: {legend: {display: false}, subtitle: {display: !!note, text: note, position: 'bottom'}},
      scales: {x: {beginAtZero: true, ticks: {callback: (v) => number(v), precision: 0}}, y: {ticks: {autoSkip: false}}},
    },
  });
}

// The clock of an answer, with its day unless that is today.
function clock(time) {
  const t = new Date(time);
  const options = {hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false};
  if (t.toDateString() !== new Date().toDateString()) Object.assign(options, {year: 'numeric', month: '2-digit', day: '2-digit'});
  return new Intl.DateTimeFormat(language(), options).format(t);
}

function drawBooks() {
  const shown = state.page?.table ? state.books.filter((d) => `${d.database}.${d.table}` === state.page.table.toLowerCase()) : state.books;
  $('books').textContent = shown.map((d) => text('complete', {
    time: clock(d.complete_up_to), queued: number(d.in_queue + d.in_flight), rejected: number(d.rejected),
  })).join(' · ');
  $('deliveries').hidden = state.books.length === 0;
  $('deliveries').querySelector('tbody').replaceChildren(...state.books.map((d) => {
    const tr = document.createElement('tr');
    const problemText = d.last_error ? ` (${d.last_error})` : '';
    for (const cell of [d.name, stateText(d.state) + problemText, ...[d.sent, d.in_queue, d.in_flight, d.in_files, d.rejected, d.elsewhere].map(number)]) {
      const td = document.createElement('td');
      td.textContent = cell;
      tr.append(td);
    }
    return tr;
  }));
}

function redraw() {
  drawTitle();
  drawBreakdowns();
  drawBooks();
}

$('range').addEventListener('submit', (e) => {
  e.preventDefault();
  state.followDates = false;
  loadBreakdowns();
});
$('all').addEventListener('click', async () => {
  state.followDates = true;
  await loadPage();
  loadBreakdowns();
});
languageChooser($('language'), redraw);
translate();
try {
  await loadPage();
  drawTitle();
  await loadBreakdowns();
} catch (e) {
  problem(e.message);
}
poll();

// The texts of the pages. {name} is filled in by text().
const messages = {
  en: {
    from: 'From', to: 'to', show: 'Show', all: 'All days', logout: 'Log out', login: 'Log in',
    accessKey: 'Access key ID', secretKey: 'Secret access key',
    loginNote: 'The keys are those that “scops env” prints. “scops serve” also prints a link that works once.',
    wrong: 'The access key or the secret is wrong.', expired: 'That link was used already or is too old. Log in with the keys.',
    count: 'count', share: 'share', nullLabel: '(no value)', others: 'and {n} more values',
    chart: '{title}: bar chart; the table below has the numbers', noEvents: 'No events in these days.', percent: '{n} %',
    deliveries: 'Deliveries', delivery: 'delivery', state: 'state', sent: 'sent', inQueue: 'in queue', inFlight: 'in flight',
    inFiles: 'in files', rejected: 'rejected', filtered: 'filtered', duplicates: 'duplicates', elsewhere: 'elsewhere',
    booksNote: 'Sent = in queue + in flight + in files + rejected + filtered + duplicates + elsewhere, always. “Filtered” are events that the transform leaves out. “Elsewhere” are messages that another consumer took, or that expired or were purged.',
    complete: 'Complete up to {time}, {queued} events still queued, {rejected} rejected',
    figures: '{total} in all · {ms} ms · {read} of {partitions} partitions · {bytes} scanned · {cost} USD (at {price} USD/TB, {minimum} MB minimum)',
    reused: '{total} in all · {ms} ms · nothing new in {read} of {partitions} partitions: the earlier result again · 0 USD',
    noPage: 'The configuration has no page: add one under “page:” in scops.yaml.',
    offline: 'scops does not answer; trying again.', failed: 'This query failed: {message}',
    states: {running: 'running', retrying: 'retrying', paused: 'paused', stopped: 'stopped'},
  },
  ko: {
    from: '시작일', to: '종료일', show: '보기', all: '전체 기간', logout: '로그아웃', login: '로그인',
    accessKey: '액세스 키 ID', secretKey: '비밀 액세스 키',
    loginNote: '“scops env”가 출력하는 키로 로그인합니다. “scops serve”는 한 번만 쓸 수 있는 링크도 출력합니다.',
    wrong: '액세스 키 또는 비밀 키가 올바르지 않습니다.', expired: '이미 사용했거나 만료된 링크입니다. 키로 로그인하세요.',
    count: '건수', share: '비율', nullLabel: '(값 없음)', others: '외 {n}개',
    chart: '{title}: 막대 차트, 수치는 아래 표에 있습니다', noEvents: '이 기간에는 이벤트가 없습니다.', percent: '{n}%',
    deliveries: '전송 현황', delivery: '전송', state: '상태', sent: '보냄', inQueue: '대기', inFlight: '처리 중',
    inFiles: '파일', rejected: '거부', filtered: '제외', duplicates: '중복', elsewhere: '기타',
    booksNote: '보냄 = 대기 + 처리 중 + 파일 + 거부 + 제외 + 중복 + 기타가 항상 성립합니다. “제외”는 변환에서 걸러진 이벤트이고, “기타”는 다른 소비자가 가져갔거나, 만료되었거나, 큐를 비울 때 삭제된 메시지입니다.',
    complete: '{time}까지 반영됨, 대기 중인 이벤트 {queued}건, 거부 {rejected}건',
    figures: '총 {total}건 · {ms} ms · 파티션 {partitions}개 중 {read}개 · {bytes} 스캔 · {cost} USD (TB당 {price} USD, 최소 {minimum} MB)',
    reused: '총 {total}건 · {ms} ms · 파티션 {partitions}개 중 {read}개에 변화 없음: 이전 결과 재사용 · 0 USD',
    noPage: '설정에 페이지가 없습니다. scops.yaml의 “page:” 아래에 추가하세요.',
    offline: 'scops가 응답하지 않습니다. 다시 시도합니다.', failed: '쿼리가 실패했습니다: {message}',
    states: {running: '실행 중', retrying: '재시도 중', paused: '일시 중지', stopped: '중지'},
  },
};

const key = 'scops.language';

export function language() {
  const chosen = localStorage.getItem(key);
  if (chosen in messages) return chosen;
  return navigator.language.startsWith('ko') ? 'ko' : 'en';
}

export function text(name, values = {}) {
  return messages[language()][name].replace(/\{(\w+)\}/g, (_, k) => values[k]);
}

export function stateText(state) {
  return messages[language()].states[state] ?? state;
}

// translate fills every element that names a text.
export function translate(root = document) {
  document.documentElement.lang = language();
  for (const e of root.querySelectorAll('[data-text]')) e.textContent = text(e.dataset.text);
}

// languageChooser wires the select; then is called after a change.
export function languageChooser(select, then) {
  select.value = language();
  select.addEventListener('change', () => {
    localStorage.setItem(key, select.value);
    translate();
    then();
  });
}

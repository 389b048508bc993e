import {text, translate, languageChooser} from './messages.js';

const problem = document.getElementById('problem');

function show() {
  translate();
  const why = location.search.slice(1);
  problem.hidden = why !== 'wrong' && why !== 'expired';
  if (!problem.hidden) problem.textContent = text(why);
}

languageChooser(document.getElementById('language'), show);
show();

/**
 * The script of the page: it filters what already stands in it, keeps the filter in the address, and moves by keys. It
 * makes no HTML, only options from texts, and loads nothing.
 */
export const SCRIPT = `
'use strict';
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.querySelector('#filters');
  const fold = document.querySelector('#fold');
  const help = document.querySelector('#help');
  const useKeys = help.querySelector('input');
  const output = form.querySelector('output');
  const none = document.querySelector('#none');
  const query = form.elements.q;
  const boxes = all('input[type=checkbox]', form);
  const selects = all('select', form);

  const groups = all('details.group').map((element) => ({
    element,
    count: element.querySelector('.count'),
    severity: element.dataset.severity,
    control: element.dataset.control,
    // The headline repeats a finding, and would make its neighbours fit too.
    words: (element.dataset.control + ' ' + element.dataset.severity).toLowerCase(),
    rows: all('li[data-state]', element),
  }));
  const total = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const texts = new Map();

  function textOf(element) {
    let text = texts.get(element);
    if (text === undefined) texts.set(element, (text = element.textContent.toLowerCase()));
    return text;
  }

  function fill(select) {
    const values = new Set();
    for (const group of groups) {
      if (select.name === 'control') values.add(group.control);
      else for (const row of group.rows) values.add(row.dataset[select.name]);
    }
    values.delete('');
    for (const value of [...values].sort()) select.add(new Option(value, value));
    select.hidden = values.size < 2 && select.name !== 'state';
  }

  function wanted() {
    return {
      words: query.value.toLowerCase().split(' ').filter(Boolean),
      severities: new Set(boxes.filter((box) => box.checked).map((box) => box.value)),
      control: form.elements.control.value,
      fields: ['namespace', 'kind', 'state', 'owner']
        .map((name) => [name, form.elements[name].value])
        .filter((field) => field[1] !== ''),
    };
  }

  function apply() {
    const { words, severities, control, fields } = wanted();
    let shown = 0;
    for (const group of groups) {
      const fits = severities.has(group.severity) && (control === '' || control === group.control);
      const open = words.filter((word) => !group.words.includes(word));
      let count = 0;
      for (const row of group.rows) {
        const isShown = fits
          && fields.every((field) => row.dataset[field[0]] === field[1])
          && open.every((word) => textOf(row).includes(word));
        row.hidden = !isShown;
        if (isShown) count++;
      }
      group.element.hidden = count === 0;
      group.count.textContent = count === group.rows.length
        ? count + (count === 1 ? ' finding' : ' findings')
        : count + ' of ' + group.rows.length;
      shown += count;
    }
    for (const section of all('#accepted')) section.hidden = all('details.group:not([hidden])', section).length === 0;
    none.hidden = shown > 0 || total === 0;
    output.textContent = shown === total ? total + ' shown' : shown + ' of ' + total + ' shown';
  }

  function remember() {
    const state = new URLSearchParams();
    if (query.value !== '') state.set('q', query.value);
    if (boxes.some((box) => !box.checked))
      state.set('severity', boxes.filter((box) => box.checked).map((box) => box.value).join());
    for (const select of selects) if (select.value !== '') state.set(select.name, select.value);
    history.replaceState(null, '', '#' + (state.size > 0 ? state : 'findings'));
  }

  function recall() {
    if (!location.hash.includes('=')) return;
    const state = new URLSearchParams(location.hash.slice(1));
    query.value = state.get('q') ?? '';
    const severities = state.get('severity')?.split(',');
    for (const box of boxes) box.checked = severities === undefined || severities.includes(box.value);
    for (const select of selects) {
      select.value = state.get(select.name) ?? '';
      if (select.selectedIndex < 0) select.value = '';
    }
  }

  function foldAll(isOpen) {
    for (const group of groups) if (!group.element.hidden) group.element.open = isOpen;
    fold.textContent = isOpen ? 'Fold all' : 'Unfold all';
  }

  function move(by) {
    const stops = all('details.group:not([hidden]) > summary, details.group[open]:not([hidden]) li[data-state]:not([hidden])');
    const at = stops.indexOf(document.activeElement);
    const next = stops[at < 0 ? (by > 0 ? 0 : stops.length - 1) : Math.min(Math.max(at + by, 0), stops.length - 1)];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: 'nearest' });
  }

  // A page from a file or in a sandbox may have no memory; then the choice holds as long as it is open.
  function remembered() {
    try {
      return localStorage.getItem('bulwark.keys');
    } catch {
      return null;
    }
  }

  function rememberKeys() {
    try {
      localStorage.setItem('bulwark.keys', useKeys.checked ? 'on' : 'off');
    } catch {}
  }

  const keys = {
    '/': () => { query.focus(); query.select(); },
    j: () => move(1),
    k: () => move(-1),
    '?': () => help.showModal(),
    Escape: () => {
      const group = document.activeElement.closest('details.group');
      if (group === null) return;
      group.open = false;
      group.querySelector('summary').focus();
    },
  };

  let timer;
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => { apply(); remember(); }, 120);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(() => { apply(); remember(); }));
  fold.addEventListener('click', () => foldAll(fold.textContent === 'Unfold all'));
  document.querySelector('#keys').addEventListener('click', () => help.showModal());
  help.querySelector('button').addEventListener('click', () => help.close());
  useKeys.addEventListener('change', rememberKeys);
  query.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    query.blur();
    move(1);
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.key !== 'Escape' && !useKeys.checked) return;
    if (event.target.closest('input, select, textarea, [contenteditable]') !== null) return;
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  addEventListener('hashchange', () => { recall(); apply(); });
  addEventListener('beforeprint', () => foldAll(true));

  useKeys.checked = remembered() !== 'off';
  selects.forEach(fill);
  recall();
  form.hidden = false;
  apply();
})();
`;

/** What the policy of the page knows the script by; a test says what it has to be. */
export const SCRIPT_HASH = 'sha256-gqwND2vSZ3IdpngImgrdGPiZ5Q8NlF05i7RXNTvjO/4=';

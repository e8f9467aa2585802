// Sorting, filtering and unfolding. Everything on the page can be read without it.
'use strict';
(() => {
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  const severities = ['error', 'warning', 'info'];
  const texts = new WeakMap();
  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    const text = cell.textContent.trim();
    return cell.className === 'severity' ? `${severities.indexOf(text)}` : text;
  };

  const sort = (table, header) => {
    const falling = header.getAttribute('aria-sort') === 'ascending';
    for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
    header.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
    const keyed = [...table.tBodies[0].rows].map((row) => [valueOf(row, header.cellIndex), row]);
    // What is empty stays at the end, whichever way the rest is sorted.
    keyed.sort(([a], [b]) => (a === '') - (b === '') || (falling ? collator.compare(b, a) : collator.compare(a, b)));
    table.tBodies[0].append(...keyed.map(([, row]) => row));
  };

  const filter = (table, words, count) => {
    const rows = [...table.tBodies[0].rows];
    let shown = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => textOf(row).includes(word));
      shown += !row.hidden;
    }
    const all = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`;
    count.textContent = shown === rows.length ? all : `${shown} of ${all}`;
  };

  for (const table of document.querySelectorAll('table.sortable')) {
    if (table.tBodies[0].rows.length < 2) continue;
    for (const header of table.tHead.rows[0].cells) {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...header.childNodes);
      button.addEventListener('click', () => sort(table, header));
      header.append(button);
    }
    const count = table.parentElement.previousElementSibling;
    const input = document.createElement('input');
    input.type = 'search';
    input.placeholder = 'Filter';
    input.setAttribute('aria-label', `Filter ${table.caption.textContent}`);
    let waiting;
    input.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => filter(table, input.value.toLowerCase().split(/\s+/).filter(Boolean), count), 120);
    });
    const tools = document.createElement('div');
    tools.className = 'tools';
    count.before(tools);
    tools.append(input, count);
  }

  // A link may lead into something folded, or to a row that the filter hides.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let outer = target; outer; outer = outer.parentElement) {
      if (outer.tagName === 'DETAILS') outer.open = true;
      outer.hidden = false;
    }
    target.scrollIntoView();
  };
  addEventListener('hashchange', reveal);
  reveal();

  // On paper nothing is folded.
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('details:not([open])')];
    for (const details of folded) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of folded) details.open = false;
  });

  // The contents show where the reader is.
  const links = new Map([...document.querySelectorAll('nav a')].map((link) => [link.hash.slice(1), link]));
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute('aria-current');
      links.get(entry.target.id)?.setAttribute('aria-current', 'true');
    }
  }, { rootMargin: '0px 0px -75% 0px' });
  for (const heading of document.querySelectorAll('main h2')) watcher.observe(heading);
})();

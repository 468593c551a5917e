"use strict";
// Draws the rows that are seen from the page's data, whose fields `page_data` in data.py describes.
// All of it is set as text, and never read as markup.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const data = JSON.parse(one("#data").textContent);
  const STANCES = ["against", "neutral", "favor", "abstained"];
  const SIGNS = { favor: "+", against: "−", neutral: "○", abstained: "?" };
  const SHOWN = ["favor", "neutral", "against"]; // the order of a cell's shares
  const ABSTAINED = 3;
  const PAGE = { groups: 12, statements: 50 };
  const PRINTED = 1000; // rows of each table that paper gets, of all that the filters leave
  const count = data.texts.length;
  const view = one("#view");
  const form = one("#statements form");
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  const number = (n) => n.toLocaleString("en-US");

  // Characters that a browser hides or obeys are shown by their numbers, as on all our pages.
  const CONTROL =
    /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\u{e0000}-\u{e007f}]|\r(?!\n)/gu;
  const visible = (text) =>
    String(text).replace(CONTROL, (c) => {
      const code = c.codePointAt(0);
      return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
    });

  function make(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children.map((child) => (child instanceof Node ? child : visible(child))));
    return node;
  }
  function draw(name, attributes, ...children) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  const at = (column, row) => (column.index ? column.index[row] : row);
  const value = (name, row) => {
    const column = data.columns[name];
    return column ? column.values[at(column, row)] : null;
  };
  const confidences = new Float64Array(data.shares ? count : 0);
  for (let i = 0; i < confidences.length; i += 1) {
    confidences[i] = Math.max(data.shares[3 * i], data.shares[3 * i + 1], data.shares[3 * i + 2]) / 10000;
  }

  const FIELDS = ["by", "group", "target", "n", "clusters", "labels", "counts", "naive", "corrected", "confident", "doubtful", "warnings"];
  const cells = data.cells.map((cell, id) => ({ id, ...Object.fromEntries(FIELDS.map((name, i) => [name, cell[i]])) }));
  const byName = (cell) => (cell.by < 0 ? "target" : data.by[cell.by]);
  const nameOf = (cell) => (cell.by < 0 ? data.targets[cell.target] : data.groups[data.by[cell.by]].values[cell.group]);
  const tenth = (share) => (share / 10).toFixed(1);
  const percent = (share) => `${tenth(share)} %`;
  const ends = (low, high) => `[${tenth(low)}, ${tenth(high)}]`;
  const target = () => Number(view.elements.target ? view.elements.target.value : 0);
  const shares = (cell) => cell[view.elements.shares ? view.elements.shares.value : "naive"];

  // Tables: sorted by a head, a page at a time; on paper from the first row on.
  function table(section, size, sort, rowsOf, rowNode) {
    const node = one("table", section);
    const pager = one(".pager", section);
    const noun = section.dataset.by ? "groups" : "statements";
    const told = make("p", { class: "printed" });
    node.after(told);
    const state = { rows: [], start: 0, sort, down: false, given: true };
    function print() {
      const left = state.rows.length - PRINTED;
      told.textContent = left > 0
        ? `Printed are the first ${number(PRINTED)} of ${number(state.rows.length)} ${noun}; ${number(left)} are left out. Narrow the filters to print others.`
        : `Printed are all ${number(state.rows.length)} ${noun} that the filters leave.`;
      show(0, PRINTED);
    }
    addEventListener("beforeprint", print);
    addEventListener("afterprint", () => show());
    function show(start = state.start, most = size) {
      const part = state.rows.slice(start, start + most);
      one("tbody", node).replaceChildren(...Array.from(part, rowNode));
      node.hidden = !part.length;
      for (const button of all("[data-sort]", node)) {
        const active = !state.given && button.dataset.sort === state.sort;
        const head = button.parentNode;
        if (active) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      }
      if (!pager) return;
      const last = Math.min(state.start + size, state.rows.length);
      one("span", pager).textContent = state.rows.length
        ? `${number(state.start + 1)}–${number(last)} of ${number(state.rows.length)}`
        : "none";
      one("[data-step='-1']", pager).disabled = state.start === 0;
      one("[data-step='1']", pager).disabled = last === state.rows.length;
      const short = state.rows.length <= size;
      for (const button of all("button", pager)) button.hidden = short;
    }
    function refresh(start = 0) {
      state.rows = rowsOf(state);
      state.start = start;
      show();
    }
    node.addEventListener("click", (event) => {
      const button = event.target.closest("[data-sort]");
      if (!button) return;
      const again = !state.given && state.sort === button.dataset.sort;
      state.down = again ? !state.down : DOWN.has(button.dataset.sort);
      state.sort = button.dataset.sort;
      state.given = false;
      refresh();
    });
    pager?.addEventListener("click", (event) => {
      const button = event.target.closest("[data-step]");
      if (!button) return;
      state.start += size * Number(button.dataset.step);
      show();
      if (button.disabled) one("button:enabled", pager)?.focus(); // or the keyboard would lose its place
    });
    return { state, show, refresh };
  }
  const DOWN = new Set(["n", "clusters", "labels", "favor", "neutral", "against", "stance", "date"]);

  // Groups
  const KEYS = {
    name: nameOf,
    n: (cell) => cell.n,
    clusters: (cell) => cell.clusters,
    labels: (cell) => cell.labels,
    ...Object.fromEntries(SHOWN.map((name, i) => [name, (cell) => shares(cell)?.[3 * i] ?? -1])),
  };
  function plot(three) {
    const x = (share) => (6 + 0.188 * share).toFixed(1);
    const parts = [0, 250, 500, 750, 1000].map((share) => draw("path", { class: "grid", d: `M${x(share)} 0V34` }));
    SHOWN.forEach((name, i) => {
      const [middle, low, high] = three.slice(3 * i, 3 * i + 3);
      const y = 6 + 11 * i;
      const centre = Number(x(middle));
      const mark =
        name === "against"
          ? draw("path", { class: "mark", d: `M${centre} ${y - 5}l5 5 -5 5 -5 -5Z` })
          : draw("circle", { class: name === "neutral" ? "hollow" : "mark", cx: centre, cy: y, r: 4 });
      parts.push(draw("g", { class: name }, draw("path", { class: "whisker", d: `M${x(low)} ${y}H${x(high)}` }), mark));
    });
    return draw("svg", { viewBox: "0 0 200 34", class: "forest", "aria-hidden": "true" }, ...parts);
  }
  const link = (cell, kind, text, label) => make("a", { href: `#g${cell.id}${kind}`, "aria-label": visible(label) }, text);
  function groupRow(cell) {
    const name = nameOf(cell);
    const three = shares(cell);
    const row = make("tr", {});
    const head = make("th", { scope: "row", dir: "auto" }, name);
    if (cell.warnings.length) {
      head.append(make("small", {}, link(cell, "", "⚠ not reliable", `${name}: why its shares are not reliable`)));
    }
    row.append(head, make("td", { class: "n" }, link(cell, "", number(cell.n), `${number(cell.n)} statements of ${name}`)));
    if (data.unit) row.append(make("td", { class: "n more" }, number(cell.clusters)));
    if (data.label) {
      const label = `${number(cell.labels)} labelled statements of ${name}`;
      row.append(make("td", { class: "n more" }, link(cell, "-labelled", number(cell.labels), label)));
    }
    row.append(make("td", { class: "plot more" }, three ? plot(three) : ""));
    if (!three) row.append(make("td", { colspan: "3", class: "few" }, "too few labels"));
    else {
      SHOWN.forEach((stance, i) => {
        const [share, low, high] = three.slice(3 * i, 3 * i + 3);
        const said = `${percent(share)} ${stance}, ${name}: their statements`;
        const node = make("td", { class: `n ${stance}` }, link(cell, `-${stance}`, percent(share), said));
        node.append(make("small", {}, ends(low, high)));
        row.append(node);
      });
    }
    return row;
  }
  const groups = all(".groups").map((section) => {
    const by = section.dataset.by;
    const search = one("input[type=search]", section);
    const own = cells.filter((cell) => (by === "-1" || by === "target" ? cell.by < 0 : data.by[cell.by] === by));
    const found = table(
      section,
      PAGE.groups,
      "n",
      (state) => {
        const wanted = search ? search.value.toLowerCase() : "";
        const rows = own.filter(
          (cell) =>
            (by === "target" || cell.target === target()) &&
            (!wanted || String(nameOf(cell)).toLowerCase().includes(wanted)),
        );
        if (state.given) return rows;
        const key = KEYS[state.sort];
        const order = state.sort === "name" ? (a, b) => compare(key(a), key(b)) : (a, b) => key(a) - key(b);
        return rows.sort((a, b) => (state.down ? order(b, a) : order(a, b)));
      },
      groupRow,
    );
    search?.addEventListener("input", () => found.refresh());
    return found;
  });

  // Statements
  let chosen = null; // the cell whose statements are shown
  let marked = -1; // the statement that was linked to
  let lower = null;
  const ranks = new Map();
  function rankOf(name) {
    if (!ranks.has(name)) {
      const column = name === "words" ? { values: data.texts } : data.columns[name];
      const order = column.values.map((_, i) => i).sort((a, b) => compare(column.values[a] ?? "", column.values[b] ?? ""));
      const rank = new Int32Array(order.length);
      order.forEach((place, i) => (rank[place] = i));
      ranks.set(name, (row) => rank[at(column, row)]);
    }
    return ranks.get(name);
  }
  function keyOf(name) {
    if (name === "row") return (row) => row;
    if (name === "confidence") return (row) => confidences[row] ?? 0;
    if (name === "stance") {
      return data.shares
        ? (row) => data.shares[3 * row + 2] - data.shares[3 * row]
        : (row) => (data.stance[row] === ABSTAINED ? 1 : data.stance[row]);
    }
    return rankOf(name);
  }
  function filtered(state) {
    const boxes = all("input[name=stance]", form);
    const stances = STANCES.map((name) => boxes.some((box) => box.value === name && box.checked));
    const lowest = least();
    const words = form.elements.words.value.trim().toLowerCase();
    const labelled = form.elements.labelled?.checked;
    const limits = all("[data-group]", form)
      .filter((input) => input.value.trim())
      .map((input) => {
        const column = data.groups[input.dataset.group];
        const wanted = input.value.trim().toLowerCase();
        return [column.index, column.values.map((name) => String(name).toLowerCase().includes(wanted))];
      });
    const index = chosen && chosen.by >= 0 ? data.groups[data.by[chosen.by]].index : null;
    const wanted = target();
    if (words) lower ??= data.texts.map((text) => text.toLowerCase());
    const rows = [];
    for (let i = 0; i < count; i += 1) {
      if (data.target[i] !== wanted || !stances[data.stance[i]]) continue;
      if (index && index[i] !== chosen.group) continue;
      if (confidences[i] < lowest) continue;
      if (labelled && data.label[i] === ABSTAINED) continue;
      if (!limits.every(([column, fits]) => fits[column[i]])) continue;
      if (words && !lower[i].includes(words)) continue;
      rows.push(i);
    }
    if (!state.given) {
      const key = keyOf(state.sort);
      rows.sort((a, b) => (state.down ? key(b) - key(a) : key(a) - key(b)) || a - b);
    }
    return rows;
  }
  const stanceOf = (row) => STANCES[data.stance[row]];
  const badge = (row) => {
    const node = make("span", { class: stanceOf(row) }, make("span", { class: "sign" }, `${SIGNS[stanceOf(row)]} ${stanceOf(row)}`));
    const label = data.label ? data.label[row] : ABSTAINED;
    if (label !== ABSTAINED) node.append(make("small", { class: "people" }, `people: ${STANCES[label]}`));
    return node;
  };
  const HEAD = ["date", "outlet", "speaker"].filter((name) => data.columns[name]);
  const facts = (row) => HEAD.map((name) => value(name, row)).filter((text) => text !== null);
  function source(row) {
    const parts = [];
    const url = value("url", row);
    const title = value("title", row) ?? (data.unit ? value(data.unit, row) : null) ?? value("document_id", row);
    if (/^https?:\/\//i.test(url ?? "")) {
      parts.push(make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, title ?? url));
    } else if (title !== null) parts.push(make("span", {}, title));
    const place = value("number", row);
    if (place !== null) parts.push(make("span", {}, `statement ${place}`));
    return parts;
  }
  function statementRow(row) {
    const own = data.row[row];
    const node = make("tr", row === marked ? { id: `s${own}`, class: "marked" } : { id: `s${own}` });
    node.append(make("td", { class: "n more" }, make("a", { href: `#s${own}`, "aria-label": `Link to statement ${own}` }, String(own))));
    for (const name of HEAD) node.append(make("td", { class: "more", dir: "auto" }, value(name, row) ?? "–"));
    const words = make("td", { class: "words" }, make("small", { class: "less", dir: "auto" }, facts(row).join(" · ")));
    words.append(make("q", { dir: "auto" }, data.texts[row]), make("small", { class: "source", dir: "auto" }, ...source(row)));
    node.append(words, make("td", {}, badge(row)));
    if (data.shares) node.append(make("td", { class: "n" }, confidences[row].toFixed(2)));
    return node;
  }
  const statements = table(one("#statements"), PAGE.statements, "row", filtered, statementRow);

  // A cell: its figures, and the statements that the model is surest and least sure of.
  function examples(title, rows) {
    if (!rows.length) return "";
    const items = rows.map((row) => {
      const said = make("q", { dir: "auto" }, data.texts[row]);
      const about = make("small", { dir: "auto" }, facts(row).join(" · "));
      return make("li", {}, badge(row), ` ${confidences[row].toFixed(2)} `, said, " ", about, " ", make("a", { href: `#s${data.row[row]}`, "aria-label": `Show statement ${data.row[row]}` }, `#${data.row[row]}`));
    });
    return make("div", {}, make("h3", {}, title), make("ul", {}, ...items));
  }
  function showCell() {
    const panel = one("#cell");
    panel.hidden = !chosen;
    one("#statements h2").textContent = visible(chosen ? `Statements: ${byName(chosen)} ${nameOf(chosen)}` : "Statements");
    if (!chosen) return panel.replaceChildren();
    const counts = SHOWN.map((name) => `${number(chosen.counts[STANCES.indexOf(name)])} ${name}`);
    if (chosen.counts[ABSTAINED]) counts.push(`${number(chosen.counts[ABSTAINED])} abstained, which the share as predicted counts as neutral`);
    const made = data.unit ? ` in ${number(chosen.clusters)} ${data.units}` : "";
    const parts = [make("p", {}, `${number(chosen.n)} statements toward ${data.targets[chosen.target]}${made}. Predicted: ${counts.join(", ")}.`)];
    for (const index of chosen.warnings) parts.push(make("p", { class: "warned" }, `⚠ ${data.warnings[index]}`));
    const lists = [examples("Most confident", chosen.confident), examples("Most doubtful", chosen.doubtful)].filter(Boolean);
    if (lists.length) parts.push(make("div", { class: "examples" }, ...lists));
    panel.replaceChildren(...parts);
  }

  const least = () => Number(form.elements.confidence?.value ?? 0) / 100;
  function tellLeast() {
    if (data.shares) one("output", form).textContent = least().toFixed(2);
  }
  function clear() {
    form.reset();
    tellLeast();
    chosen = null;
    marked = -1;
  }
  function turn() {
    one("#current").textContent = visible(data.targets[target()]);
    const kind = view.elements.shares ? view.elements.shares.value : "naive";
    for (const figure of all("figure[data-target]")) figure.hidden = Number(figure.dataset.target) !== target();
    for (const timeline of all(".timeline")) timeline.hidden = timeline.dataset.shares !== kind;
    for (const group of groups) group.refresh();
  }
  function toward(wanted) {
    if (wanted === target()) return;
    view.elements.target.value = String(wanted);
    turn();
  }

  // Links: #g17 shows the statements of cell 17, #g17-favor those in favor, #s3 the third statement.
  function follow() {
    const group = /^#g(\d+)(?:-(favor|neutral|against|labelled))?$/.exec(location.hash);
    const single = /^#s(\d+)$/.exec(location.hash);
    if (group && cells[group[1]]) {
      clear();
      chosen = cells[group[1]];
      toward(chosen.target);
      const kind = group[2];
      if (kind === "labelled") form.elements.labelled && (form.elements.labelled.checked = true);
      else if (kind) {
        // A share as predicted counts abstentions as neutral.
        for (const box of all("input[name=stance]", form)) {
          box.checked = box.value === kind || (kind === "neutral" && box.value === "abstained");
        }
      }
      showCell();
      statements.refresh();
      one("#statements h2").focus({ preventScroll: true });
      one("#statements").scrollIntoView();
    } else if (single) {
      const row = data.row.indexOf(Number(single[1]));
      if (row < 0) return;
      clear();
      marked = row;
      toward(data.target[row]);
      showCell();
      statements.refresh();
      const place = statements.state.rows.indexOf(row);
      statements.state.start = place - (place % PAGE.statements);
      statements.show();
      one(`#s${single[1]}`).scrollIntoView({ block: "center" });
    }
  }

  // CSV as the library writes it: cells that a spreadsheet would run get an apostrophe.
  const FORMULA = /^(?='*[=+\-@\t\r\n＝＋－＠])(?!'*[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?$)/;
  const cellText = (cell) => {
    if (cell === null || cell === undefined) return "";
    const text = typeof cell === "string" && FORMULA.test(cell) ? `'${cell}` : String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  function csv(rows) {
    const names = Object.keys(data.columns);
    const head = [...names, "statement", "target", "stance"];
    if (data.shares) head.push("stance_against", "stance_neutral", "stance_favor");
    if (data.label) head.push("label");
    const lines = [head.map(cellText).join(",")];
    for (const row of rows) {
      const line = names.map((name) => value(name, row));
      line.push(data.texts[row], data.targets[data.target[row]], data.stance[row] === ABSTAINED ? null : stanceOf(row));
      if (data.shares) for (let i = 0; i < 3; i += 1) line.push(data.shares[3 * row + i] / 10000);
      if (data.label) line.push(data.label[row] === ABSTAINED ? null : STANCES[data.label[row]]);
      lines.push(line.map(cellText).join(","));
    }
    return `${lines.join("\r\n")}\r\n`;
  }
  one("#download").addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([csv(statements.state.rows)], { type: "text/csv" }));
    make("a", { href: address, download: "statements.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  });

  form.addEventListener("submit", (event) => event.preventDefault());
  view.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    tellLeast();
    statements.refresh();
  });
  one("#clear").addEventListener("click", () => {
    clear();
    showCell();
    statements.refresh();
  });
  view.addEventListener("input", () => {
    chosen = null;
    turn();
    showCell();
    statements.refresh();
  });
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const anchor = event.target.closest("a[href^='#']");
    if (anchor && anchor.hash === location.hash) follow(); // what was filtered since then
    const month = event.target.closest("[data-cell]");
    if (month) location.hash = `#g${month.dataset.cell}`;
  });

  for (const node of [view, form, ...all(".tools")]) node.hidden = false;
  turn();
  statements.refresh();
  follow();
})();

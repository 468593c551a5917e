"use strict";
// What a reader says is right or wrong of each statement: a form in the popover, a note on the card, a file to take home.
// Offsets count code points of the article as it was read, which `data-text` holds: the page's own nodes show control
// characters by their numbers and have other line ends.
const makeCorrections = ({ statements, refresh }) => {
  const section = document.querySelector("#corrections");
  const text = JSON.parse(section.dataset.text);
  const targets = JSON.parse(section.dataset.targets);
  const name = section.dataset.name;
  const kept = new Map(); // number -> { stances: {target: stance}, speaker, spans, statement }; what is not judged is absent
  const others = []; // rows that were read and are about nothing on this page
  let points = null; // the article's code points, made when first needed
  let unsaved = false;

  const slice = (start, end) => (points ??= Array.from(text)).slice(start, end).join("");
  const span = ([start, end]) => ({ text: slice(start, end), start, end });
  const key = (spans) => JSON.stringify(spans);
  const same = (left, right) => key(left) === key(right);

  // The place of words in the article, white space aside, the one nearest to where the statement is; null where none is.
  function find(words, near) {
    const parts = words.trim().split(/\s+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    if (!parts[0]) return null;
    let best = null;
    for (const found of text.matchAll(new RegExp(parts.join("\\s+"), "gu"))) {
      const start = Array.from(text.slice(0, found.index)).length;
      if (best && Math.abs(start - near) >= Math.abs(best[0] - near)) break; // they only get farther
      best = [start, start + Array.from(found[0]).length];
    }
    return best;
  }

  // The words to judge and their surroundings; of corrected words the lines that they stand in.
  function read(place, spans) {
    const [start, end] = [spans[0][0], spans[spans.length - 1][1]];
    if (same(spans, place.spans)) {
      const [from, to] = place.read;
      const joined = place.spans.map(([left, right]) => slice(left, right)).join(" ");
      const around = place.context;
      return {
        text: place.kind === "direct" ? joined : slice(from, to),
        context: `${slice(around[0], Math.max(around[0], from))}[...]${slice(Math.min(around[1], to), around[1])}`,
      };
    }
    const head = slice(0, start);
    const before = head.slice(head.lastIndexOf("\n") + 1);
    const after = slice(end, Infinity);
    const stop = after.indexOf("\n");
    return { text: slice(start, end), context: `${before}[...]${stop < 0 ? after : after.slice(0, stop)}`.trim() };
  }

  function rows(number) {
    const { place, stances } = statements.get(number);
    const mine = kept.get(number);
    const spans = mine.spans ?? place.spans;
    const base = {
      correction: 1,
      id: `${name}:${place.spans[0][0]}-${place.spans[place.spans.length - 1][1]}`,
      article: name,
      ...read(place, spans),
      speaker: "speaker" in mine ? mine.speaker : place.speaker,
      spans: spans.map(span),
      start: spans[0][0],
      end: spans[spans.length - 1][1],
      statement: mine.statement,
      spans_judged: "spans" in mine || !mine.statement,
      speaker_judged: "speaker" in mine,
    };
    const found = { spans: place.spans.map(span), speaker: place.speaker };
    const predicted = (at) => (stances[at] === "abstained" ? null : stances[at]);
    const judged = Object.entries(mine.stances);
    if (!judged.length) return [{ ...base, target: null, stance: null, found: { ...found, stance: null } }];
    return judged.map(([at, stance]) => ({
      ...base,
      target: targets[at],
      stance,
      found: { ...found, stance: predicted(at) },
    }));
  }

  function load() {
    const places = new Map([...statements].map(([number, { place }]) => [key(place.spans), number]));
    for (const row of JSON.parse(section.dataset.corrections)) {
      const number = places.get(key(row.found.spans.map(({ start, end }) => [start, end])));
      const at = targets.indexOf(row.target);
      if (!number || (row.target !== null && at < 0)) {
        others.push(row);
        continue;
      }
      const mine = kept.get(number) ?? { stances: {}, statement: true };
      mine.statement &&= row.statement;
      if (row.stance) mine.stances[at] = row.stance;
      if (row.speaker_judged) mine.speaker = row.speaker;
      if (row.spans_judged && row.statement) mine.spans = row.spans.map(({ start, end }) => [start, end]);
      kept.set(number, mine);
    }
    const list = document.querySelector("#others");
    for (const row of others) {
      const item = document.createElement("li");
      const said = row.statement ? row.stance ?? "" : "nobody’s statement";
      item.textContent = [`“${row.text}”`, row.target, said, row.speaker].filter(Boolean).join(" · ");
      list.append(item);
    }
  }

  // In words, what was corrected of a statement; null where nothing was.
  function note(number) {
    const mine = kept.get(number);
    if (!mine) return null;
    const { place, stances } = statements.get(number);
    const parts = mine.statement ? [] : ["nobody’s statement"];
    for (const [at, stance] of Object.entries(mine.stances)) {
      const right = stance === stances[at];
      parts.push(`stance toward ${targets[at]}: ${stance}${right ? " is right" : `, not ${stances[at]}`}`);
    }
    if ("speaker" in mine) {
      const right = mine.speaker === place.speaker;
      parts.push(`speaker: ${mine.speaker ?? "not told"}${right ? " is right" : `, not ${place.speaker ?? "unknown"}`}`);
    }
    if ("spans" in mine) {
      const right = same(mine.spans, place.spans);
      parts.push(right ? "the words are right" : `words: “${mine.spans.map(([a, b]) => slice(a, b)).join(" ")}”`);
    }
    const shown = document.createElement("p");
    shown.className = "corrected";
    shown.textContent = `Your correction: ${parts.join("; ")}`;
    return shown;
  }

  function show(number) {
    const { node } = statements.get(number);
    node.querySelector(".corrected")?.remove();
    const shown = note(number);
    if (shown) node.querySelector("h3").after(shown);
  }

  function count() {
    const all = kept.size + others.length;
    section.hidden = !all;
    document.querySelector("#corrected").textContent = `${all} correction${all === 1 ? "" : "s"}`;
  }

  // The form of one statement, filled with what was said of it before.
  function form(number, at) {
    const { place, stances } = statements.get(number);
    const mine = kept.get(number) ?? { stances: {}, statement: true };
    const details = document.querySelector("#correction").content.firstElementChild.cloneNode(true);
    const made = details.querySelector("form");
    const { stance, who, speaker, words, said, undo } = made.elements;
    const alert = made.querySelector("[role=alert]");
    made.querySelector(".toward-target").textContent = targets[at];
    for (const option of stance.options) if (option.value === stances[at]) option.textContent += ", as found";
    const hull = [place.spans[0][0], place.spans[place.spans.length - 1][1]];
    stance.value = mine.stances[at] ?? "";
    speaker.value = ("speaker" in mine ? mine.speaker : place.speaker) ?? "";
    who.value = !("speaker" in mine) ? "" : mine.speaker === place.speaker ? "right" : "wrong";
    const spans = mine.spans ?? [hull];
    said.value = slice(spans[0][0], spans[spans.length - 1][1]);
    words.value = !mine.statement ? "none" : !mine.spans ? "" : same(mine.spans, place.spans) ? "right" : "wrong";
    undo.disabled = !kept.has(number);
    const open = () => {
      speaker.parentNode.hidden = who.value !== "wrong";
      said.parentNode.hidden = words.value !== "wrong";
      stance.disabled = words.value === "none";
    };
    open();
    made.addEventListener("input", () => {
      alert.textContent = "";
      open();
    });
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      const next = { stances: { ...mine.stances }, statement: words.value !== "none" };
      delete next.stances[at];
      if (stance.value) next.stances[at] = stance.value;
      if (!next.statement) next.stances = {};
      if (who.value === "right") next.speaker = place.speaker;
      if (who.value === "wrong") next.speaker = speaker.value.trim() || null;
      if (words.value === "right") next.spans = place.spans;
      if (words.value === "wrong") {
        const found = find(said.value, hull[0]);
        if (!found) {
          alert.textContent = "The article has no such words: copy them from it.";
          said.focus();
          return;
        }
        next.spans = [found];
      }
      const nothing = next.statement && !Object.keys(next.stances).length && !("speaker" in next) && !("spans" in next);
      if (nothing) {
        alert.textContent = "Nothing is judged yet: choose what is right or wrong.";
        return;
      }
      keep(number, next);
    });
    undo.addEventListener("click", () => keep(number, null));
    details.addEventListener("toggle", () => details.scrollIntoView({ block: "nearest" }));
    return details;
  }

  function keep(number, next) {
    if (next) kept.set(number, next);
    else kept.delete(number);
    unsaved = kept.size > 0;
    show(number);
    count();
    refresh(number);
  }

  document.querySelector("#download").addEventListener("click", () => {
    const numbers = [...kept.keys()].sort((left, right) => left - right);
    const lines = [...numbers.flatMap(rows), ...others].map((row) => `${JSON.stringify(row)}\n`);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
    link.download = `corrections-${name}.jsonl`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    unsaved = false;
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  load();
  for (const number of kept.keys()) show(number);
  count();
  return { form, has: (number) => kept.has(number) };
};

"use strict";
// Everything shown stands in the page already: this only hides, marks and copies nodes, and never reads text as markup.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const words = (text) => (text ? text.split(" ") : []);
  const SIGNS = { favor: "+", against: "−", neutral: "○", abstained: "?" };

  const statements = new Map();
  for (const node of all("#statements > li")) {
    statements.set(node.dataset.number, {
      node,
      kind: node.dataset.kind,
      speakers: words(node.dataset.speakers),
      stances: words(node.dataset.stances),
      confidences: words(node.dataset.confidences).map(Number),
      place: { ...JSON.parse(node.dataset.place), kind: node.dataset.kind },
      shown: true,
    });
  }
  const marks = all("article mark").map((node) => ({ node, numbers: words(node.dataset.statements) }));
  const parts = all("article [data-of]").map((node) => ({ node, numbers: words(node.dataset.of) }));
  const refs = all(".ref");
  const people = all(".people button");
  const form = one("form");
  const popover = one("#popover");
  let opened = null; // number of the statement in the popover
  let pinned = false; // opened by a click or key, so that leaving with the pointer keeps it
  let opener = null;
  let timer = 0; // of opening or closing by the pointer

  const corrections = makeCorrections({
    statements,
    refresh: (number) => {
      filter();
      refs.find((ref) => ref.dataset.number === number).focus();
    },
  });

  makeWhy({ statements, copies: (number) => [statements.get(number).node, ...(opened === number ? [popover] : [])] });

  const target = () => Number(form.elements.target ? form.elements.target.value : 0);
  const last = (numbers) => numbers.findLast((number) => statements.get(number).shown);

  function filter() {
    const at = target();
    const checked = (name) => new Set(all(`input[name=${name}]:checked`, form).map((box) => box.value));
    const stances = checked("stance");
    const kinds = checked("kind");
    const least = Number(form.elements.confidence.value) / 100;
    one("#least").textContent = least.toFixed(2);
    const speakers = people.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.value);
    let count = 0;
    for (const statement of statements.values()) {
      statement.shown =
        stances.has(statement.stances[at]) &&
        kinds.has(statement.kind) &&
        statement.confidences[at] >= least &&
        (!speakers.length || speakers.some((speaker) => statement.speakers.includes(speaker)));
      statement.node.hidden = !statement.shown;
      count += statement.shown;
    }
    for (const { node, numbers } of marks) {
      const number = last(numbers);
      if (number) node.className = statements.get(number).stances[at];
      else node.removeAttribute("class");
    }
    for (const ref of refs) {
      const statement = statements.get(ref.dataset.number);
      const stance = statement.stances[at];
      ref.hidden = !statement.shown;
      ref.className = `ref ${stance}`;
      const corrected = corrections.has(ref.dataset.number);
      ref.textContent = `${ref.dataset.number} ${SIGNS[stance]}${corrected ? " ✎" : ""}`;
      ref.setAttribute("aria-label", `Statement ${ref.dataset.number}: ${stance}${corrected ? ", corrected" : ""}`);
    }
    one("#count").textContent = `${count} of ${statements.size} statements shown`;
    close(false);
  }

  function turn() {
    const at = String(target());
    for (const node of all("[data-target]")) node.hidden = node.dataset.target !== at;
    if (form.elements.target) one("#current").textContent = form.elements.target.selectedOptions[0].textContent;
    filter();
  }

  function highlight(number) {
    for (const { node, numbers } of marks) node.classList.toggle("active", number !== null && last(numbers) === number);
    for (const { node, numbers } of parts) node.classList.toggle("active", numbers.includes(number));
    for (const { node } of marks) if (!node.className) node.removeAttribute("class");
  }

  function open(number, beside, pin) {
    clearTimeout(timer);
    if (opened === number && (pinned || !pin)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "close";
    button.textContent = "✕";
    button.setAttribute("aria-label", "Close");
    button.addEventListener("click", () => close(true));
    const copies = [...statements.get(number).node.childNodes].map((node) => node.cloneNode(true));
    popover.replaceChildren(button, ...copies, corrections.form(number, target()));
    popover.setAttribute("aria-label", `Statement ${number}`);
    popover.hidden = false;
    popover.scrollTop = 0;
    opened = number;
    pinned = pin;
    opener = refs.find((ref) => ref.dataset.number === number);
    highlight(number);
    for (const ref of refs) ref.setAttribute("aria-expanded", String(ref === opener));
    const box = beside.getClientRects()[0] || beside.getBoundingClientRect();
    const page = document.documentElement;
    const left = Math.max(8, Math.min(box.left, page.clientWidth - popover.offsetWidth - 8));
    const below = box.bottom + 8;
    const fits = below + popover.offsetHeight < page.clientHeight || box.top < popover.offsetHeight + 8;
    popover.style.left = `${left + scrollX}px`;
    popover.style.top = `${(fits ? below : box.top - popover.offsetHeight - 8) + scrollY}px`;
    if (!pin) return;
    const hidden = box.bottom + 12 - popover.getBoundingClientRect().top; // at the foot of a small window
    if (getComputedStyle(popover).position === "fixed" && hidden > 0) scrollBy(0, hidden);
    popover.focus({ preventScroll: true });
  }

  function close(back) {
    clearTimeout(timer);
    if (opened === null) return;
    popover.hidden = true;
    opened = null;
    pinned = false;
    highlight(null);
    if (opener) {
      opener.setAttribute("aria-expanded", "false");
      if (back) opener.focus({ preventScroll: true });
    }
  }

  const soon = () => {
    clearTimeout(timer);
    if (!pinned) timer = setTimeout(close, 250, false);
  };
  const found = (event) => {
    const ref = event.target.closest(".ref");
    if (ref) return [ref.dataset.number, ref];
    const mark = event.target.closest("mark");
    const number = mark && last(words(mark.dataset.statements));
    return number ? [number, mark] : [null, null];
  };

  const article = one("article");
  article.addEventListener("pointerover", (event) => {
    const [number, node] = found(event);
    if (event.pointerType !== "mouse" || pinned) return;
    if (!number) return soon();
    clearTimeout(timer);
    timer = setTimeout(open, 120, number, node, false);
  });
  article.addEventListener("pointerleave", soon);
  popover.addEventListener("pointerenter", () => clearTimeout(timer));
  popover.addEventListener("pointerleave", soon);
  popover.addEventListener("focusin", () => (pinned = true)); // whoever fills in the form stays
  article.addEventListener("click", (event) => {
    const [number, node] = found(event);
    if (!number) return;
    event.preventDefault();
    event.stopPropagation();
    open(number, node, true);
  });
  article.addEventListener("keydown", (event) => {
    const ref = event.target.closest(".ref");
    if (!ref || event.key !== " ") return; // Enter clicks a link by itself
    event.preventDefault();
    open(ref.dataset.number, ref, true);
  });
  document.addEventListener("click", (event) => {
    if (popover.contains(event.target)) {
      if (event.target.closest("a")) close(false);
    } else close(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(pinned);
  });

  for (const button of people) {
    button.disabled = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") === "false"));
      filter();
    });
  }
  for (const ref of refs) {
    ref.setAttribute("role", "button");
    ref.setAttribute("aria-haspopup", "dialog");
    ref.setAttribute("aria-expanded", "false");
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => (event.target.name === "target" ? turn() : filter()));
  form.addEventListener("reset", () => {
    for (const button of people) button.setAttribute("aria-pressed", "false");
    setTimeout(turn); // the form's own values change after this event
  });
  // A linked statement must be seen, whatever was filtered out before.
  const follow = () => {
    const number = /^#s(\d+)$/.exec(location.hash)?.[1];
    const statement = statements.get(number);
    if (statement && !statement.shown) {
      form.reset();
      setTimeout(() => statement.node.scrollIntoView());
    }
  };
  addEventListener("hashchange", follow);
  if (matchMedia("(max-width: 60rem)").matches) for (const node of all("aside details")) node.open = false;
  form.hidden = false;
  turn();
})();

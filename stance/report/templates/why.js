// The words that mattered, on demand: the local page that shows this one says that it can find them, is asked by the
// number of a statement and of a target, and its answer becomes nodes of text. Elsewhere nobody says so, and nothing is offered.
const makeWhy = ({ statements, copies }) => {
  const states = new Map(); // "number target" -> "asked", { error } or { explanation }
  let host = null; // the page around, and its origin

  const element = (name, ...children) => {
    const node = document.createElement(name);
    node.append(...children);
    return node;
  };
  const sign = (weight) => ` ${weight > 0 ? "+" : "−"}${Math.abs(weight).toFixed(2)}`;
  const word = ({ span, weight }) => {
    const node = element("b", span.text);
    node.className = weight > 0 ? "up" : "down";
    return node;
  };

  // Underlines words in what the model read, where their offsets fit what the page shows of it.
  function underline(node, words) {
    const points = Array.from(node.textContent), pieces = [];
    let at = 0;
    for (const item of [...words].sort((left, right) => left.span.start - right.span.start)) {
      const { start, end, text } = item.span;
      if (points.slice(start, end).join("") !== text) return;
      pieces.push(points.slice(at, start).join(""), word(item));
      at = end;
    }
    node.replaceChildren(...pieces, points.slice(at).join(""));
  }

  function tell(box, toward, { label, strongest, sentence }) {
    const said = strongest.length
      ? `What the probability of ${label} owes to single words (below 0: they speak against it):`
      : `No single word moved the probability of ${label} by .05.`;
    box.replaceChildren(element("p", said));
    const list = element("ul");
    list.className = "moved";
    for (const item of strongest) {
      const line = element("li", word(item), sign(item.weight));
      if (item.part !== "statement") line.append(element("small", ` in the ${item.part}`));
      list.append(line);
    }
    if (strongest.length) box.append(list);
    if (sentence) box.append(element("p", `Sentence of the context that moved it most: “${sentence.span.text}”${sign(sentence.weight)}`));
    for (const node of toward.querySelectorAll("[data-part]")) underline(node, strongest.filter(({ part }) => part === node.dataset.part));
  }

  function show(box) {
    const { number, target } = box.dataset, state = states.get(`${number} ${target}`);
    if (state?.explanation) return tell(box, box.parentNode, state.explanation);
    if (!box.firstChild) {
      const button = element("button", "Which words mattered?");
      button.type = "button";
      box.append(element("p", button), element("p"));
      box.lastChild.setAttribute("role", "status");
    }
    box.querySelector("button").setAttribute("aria-disabled", String(state === "asked")); // it keeps the focus
    box.lastChild.textContent = state === "asked" ? "Each word is left out in turn …" : state?.error ?? "";
  }

  // The box of a statement and target, in its card and in the popover.
  const boxes = (number, target) => copies(number).flatMap((node) => [...node.querySelectorAll(`.why[data-target="${target}"]`)]);

  function set(number, target, state) {
    states.set(`${number} ${target}`, state);
    const found = boxes(number, target);
    const there = found.find((box) => box.contains(document.activeElement));
    found.forEach(show);
    if (!there || there.contains(document.activeElement)) return;
    there.setAttribute("tabindex", "-1"); // its button is gone
    there.focus();
  }

  function offer() {
    for (const [number, { node }] of statements) {
      for (const toward of node.querySelectorAll(".toward:not([data-explained])")) {
        const box = element("div");
        box.className = "why";
        Object.assign(box.dataset, { number, target: toward.dataset.target });
        toward.append(box);
        show(box);
      }
    }
  }

  addEventListener("message", ({ data, source, origin }) => {
    if (parent === window || source !== parent || typeof data !== "object" || !data) return;
    if (data.stance === "can explain" && !host) {
      host = { source, origin };
      offer();
    } else if (data.stance === "explained" && statements.has(data.number)) {
      set(data.number, data.target, data.error ? { error: String(data.error) } : { explanation: data.explanation });
    }
  });
  document.addEventListener("click", (event) => {
    const box = event.target.closest(".why button")?.closest(".why");
    if (!box || states.get(`${box.dataset.number} ${box.dataset.target}`) === "asked") return;
    const { number, target } = box.dataset;
    host.source.postMessage({ stance: "explain", number, target }, host.origin);
    set(number, target, "asked");
  });
};

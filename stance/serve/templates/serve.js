"use strict";
const at = (id) => document.getElementById(id);
const form = at("ask"), status = at("status"), bar = at("progress"), problem = at("problem");
const TABLES = /\.(csv|tsv|jsonl|ndjson|parquet)(\.(gz|zst|zstd))?$/i, PAGES = /\.html?$/i;
let running = null, links = [], shown = null; // of an article: its statements as they can be asked of again

form.hidden = false;

function chosen() { return at("file").files[0] || null; }

function showKind() {
  const file = chosen(), table = Boolean(file && TABLES.test(file.name));
  at("table").hidden = !table;
  at("text").disabled = Boolean(file);
  at("columns").hidden = new FormData(form).get("rows") === "articles";
}
form.addEventListener("change", showKind);

function targets() {
  return [...new Set(at("targets").value.split("\n").map((line) => line.trim()).filter(Boolean))];
}

function offer(name, type, content) {
  const link = document.createElement("a"), url = URL.createObjectURL(new Blob([content], { type }));
  links.push(url);
  link.href = url;
  link.download = name;
  link.textContent = `Download ${name}`;
  at("downloads").append(link);
}

function clear() {
  links.forEach((url) => URL.revokeObjectURL(url));
  links = [];
  shown?.ended.abort();
  shown = null;
  problem.textContent = status.textContent = "";
  at("results").hidden = at("view").hidden = at("preview").hidden = true;
  at("view").removeAttribute("srcdoc");
  for (const id of ["downloads", "notes", "preview", "summary"]) at(id).textContent = "";
}

function many(count, noun) { return `${count} ${noun}${count === 1 ? "" : "s"}`; }

function showArticle(found) {
  at("summary").textContent = `${many(found.statements, "statement")} found.`;
  offer("statements.csv", "text/csv", found.csv);
  offer("analysis.json", "application/json", found.json);
  shown = { questions: found.questions, targets: found.targets, ended: new AbortController() };
  showView("article.html", found.page);
}

// The view runs in an origin of its own and may load nothing: it asks here for the words that mattered, by numbers.
at("view").addEventListener("load", () => {
  if (shown) at("view").contentWindow.postMessage({ stance: "can explain" }, "*");
});
addEventListener("message", async ({ data, source }) => {
  if (!shown || source !== at("view").contentWindow || data?.stance !== "explain") return;
  const { questions, targets, ended } = shown, { number, target } = data;
  const question = questions[Number(number) - 1], toward = targets[Number(target)];
  if (!question || toward === undefined) return;
  const answer = { stance: "explained", number, target };
  try {
    const response = await fetch("/v1/explain", { ...asJson({ statements: [{ ...question, target: toward }] }), signal: ended.signal });
    const found = await response.json();
    if (response.ok) answer.explanation = found.explanations[0];
    else answer.error = found.detail;
  } catch {
    answer.error = "The server did not answer: is it still running?";
  }
  if (!ended.signal.aborted) source.postMessage(answer, "*");
});

function asJson(content) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) };
}

function showView(name, page) {
  offer(name, "text/html", page);
  at("view").srcdoc = page;
  at("view").hidden = false;
}

function showTable(found) {
  const counts = [`${many(found.written, "row")}: ${found.scored} with a stance`, `${found.abstained} without`, `${found.errors} not readable`];
  at("summary").textContent = `${counts.join(", ")}.`;
  for (const note of [...found.notes, ...found.reasons]) {
    const item = document.createElement("li");
    item.textContent = note;
    at("notes").append(item);
  }
  offer("scored.csv", "text/csv", found.csv);
  if (found.page) showView("summary.html", found.page);
  const table = document.createElement("table"), head = table.createTHead().insertRow();
  const caption = table.createCaption();
  caption.textContent = found.rows.length < found.written ? `The first ${found.rows.length} rows; the download has all` : "All rows";
  for (const name of found.columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of found.rows) {
    const line = body.insertRow();
    for (const text of row) {
      const cell = line.insertCell();
      cell.textContent = text;
      cell.className = text.length > 40 ? "long" : "";
    }
  }
  at("preview").append(table);
  at("preview").hidden = false;
}

async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value || "")).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
    if (done) return;
  }
}

async function request(signal) {
  const file = chosen(), wanted = targets();
  if (file && TABLES.test(file.name)) {
    const given = new FormData(form), query = new URLSearchParams({ name: file.name, rows: given.get("rows") });
    wanted.forEach((target) => query.append("target", target));
    if (given.get("rows") === "statements") {
      for (const name of ["statement_column", "target_column"]) if (given.get(name).trim()) query.set(name, given.get(name).trim());
    }
    return fetch(`/page/table?${query}`, { method: "POST", body: file, signal });
  }
  const article = { targets: wanted };
  const text = file ? await file.text() : at("text").value;
  article[file && PAGES.test(file.name) ? "html" : "text"] = text;
  if (file) article.id = file.name;
  return fetch("/page/article", { ...asJson(article), signal });
}

async function run(signal) {
  const response = await request(signal);
  if (!response.ok) throw new Error((await response.json()).detail);
  for await (const event of eventsOf(response)) {
    if (event.error) throw new Error(event.error);
    if (event.result) return event.result;
    bar.max = event.total || 1;
    bar.value = event.done;
    status.textContent = `${event.done} of ${event.total} judged`;
  }
  throw new Error("The server ended before the result was whole: it may have taken too long. Send less at a time.");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (running) return;
  clear();
  const file = chosen();
  if (!file && !at("text").value.trim()) { problem.textContent = "Paste the text of an article, or choose a file."; at("text").focus(); return; }
  if (!targets().length && !new FormData(form).get("target_column").trim()) { problem.textContent = "Say what the stance is toward, for example: foreign intervention"; at("targets").focus(); return; }
  running = new AbortController();
  bar.removeAttribute("value");
  bar.hidden = at("stop").hidden = false;
  at("go").disabled = true;
  status.textContent = "Looking for statements …";
  try {
    const found = await run(running.signal);
    status.textContent = "Done.";
    at("results").hidden = false;
    if (found.rows) showTable(found); else showArticle(found);
    at("results-title").focus();
  } catch (error) {
    status.textContent = "";
    problem.textContent = error.name === "AbortError" ? "Stopped." : error.message;
  } finally {
    running = null;
    bar.hidden = at("stop").hidden = true;
    at("go").disabled = false;
  }
});
at("stop").addEventListener("click", () => running && running.abort());

document.addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("dropping"); });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  if (!event.dataTransfer.files.length) return;
  at("file").files = event.dataTransfer.files;
  showKind();
});
showKind();

"use strict";
(function () {
  const NS = "http://www.w3.org/2000/svg";
  const token = new URLSearchParams(location.search).get("token") || "";
  const phases = { starting: "{{starting}}", lead: "{{waiting for the first call}}", placing: "{{placing calls}}", draining: "{{all calls placed, some are up}}",
    stopping: "{{ending calls}}", judging: "{{judging}}", over: "{{over}}" };
  const words = { trunk: "{{trunk}}", ivr: "{{ivr}}", queue: "{{queue}}", agent: "{{agent}}", centre: "{{centre}}", agents: "{{agents}}", PASS: "{{PASS}}", FAIL: "{{FAIL}}",
    INCONCLUSIVE: "{{INCONCLUSIVE}}", INVALID: "{{INVALID}}", more: "{{more lost}}", fewer: "{{fewer lost}}" };
  const id = (name) => document.getElementById(name);
  let last = null, isOver = false;

  // ---- text ----
  const number = (x, digits) => x === null || x === undefined ? "–" :
    x.toLocaleString("en", { minimumFractionDigits: digits || 0, maximumFractionDigits: digits || 0 });
  const percent = (x) => x === null || x === undefined ? "–" : (100 * x).toFixed(2) + "\u00a0%";
  /* Of a share as much as it has: 99.995 is no 100 */
  const limitIn = (x, unit) => unit === "1" ? Number((100 * x).toPrecision(12)) + "\u00a0%" : unit === "s" ? x + "\u00a0s" : String(x);
  const valueIn = (x, unit) => unit === "1" ? percent(x) : number(x, unit === "s" ? 2 : x % 1 ? 1 : 0) + (unit === "s" ? "\u00a0s" : "");
  const word = (name) => words[name] || name;
  /* A text with its values: $1, $2, .. */
  const say = (text, ...values) => text.replace(/\$(\d)/g, (all, n) => values[n - 1]);
  const clock = (s) => Math.floor(s / 60) + ":" + String(Math.floor(s % 60)).padStart(2, "0");
  function note(text) {
    id("note").textContent = text;
    id("note").hidden = text === "";
  }
  function row(cells) {
    const tr = document.createElement("tr");
    for (const cell of cells) {
      const td = document.createElement("td");
      td.textContent = cell.text !== undefined ? cell.text : cell;
      if (cell.kind)
        td.className = cell.kind;
      if (cell.call) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "call";
        button.dataset.call = button.textContent = cell.call;
        button.disabled = isOver;
        td.replaceChildren(button);
      }
      tr.append(td);
    }
    return tr;
  }
  /* Who has a button of the table under his fingers has it after that, too. */
  function keepFocus(change) {
    const call = document.activeElement && document.activeElement.dataset.call;
    change();
    const again = call && [...document.querySelectorAll("button.call")].find((b) => b.dataset.call === call);
    if (again)
      again.focus({ preventScroll: true });
  }
  const fill = (table, rows) => id(table).querySelector("tbody").replaceChildren(...rows.map(row));

  // ---- charts ----
  function draw(svg, attributes, name, text) {
    const e = document.createElementNS(NS, name);
    for (const key in attributes)
      e.setAttribute(key, attributes[key]);
    if (text !== undefined)
      e.textContent = text;
    svg.append(e);
  }
  function nice(most) {
    const power = Math.pow(10, Math.floor(Math.log10(most)));
    for (const step of [1, 2, 4, 6, 8, 10]) // the half of each is one that can be read, too
      if (step * power >= most)
        return step * power;
    return most;
  }
  /* lines: {kind, points: [[t, y], ..]}; areas: {kind, points: [[t, low, high], ..]} */
  function chart(name, v, lines, areas) {
    const svg = id(name), width = svg.clientWidth || 340, height = 170, left = 44, bottom = 20, top = 8;
    const end = Math.max(v.duration_s, 2 * Math.ceil(v.at_s / 2), 1);
    let most = 1;
    for (const line of lines)
      for (const p of line.points)
        most = Math.max(most, p[1]);
    for (const area of areas)
      for (const p of area.points)
        most = Math.max(most, p[2]);
    most = nice(most);
    const x = (t) => left + (width - left - 8) * Math.min(1, Math.max(0, t / end));
    const y = (n) => height - bottom - (height - bottom - top) * n / most;
    const at = (t, n) => x(t).toFixed(1) + " " + y(n).toFixed(1);
    svg.replaceChildren();
    svg.setAttribute("viewBox", "0 0 " + width + " " + height);
    for (const fault of v.faults)
      draw(svg, { class: "fault", x: x(fault.from_s), y: top, width: Math.max(1, x(fault.until_s) - x(fault.from_s)), height: height - bottom - top }, "rect");
    for (const share of [0, 0.5, 1]) {
      draw(svg, { class: "axis", d: "M" + at(0, most * share) + "L" + at(end, most * share) }, "path");
      draw(svg, { x: left - 5, y: y(most * share) + 4, "text-anchor": "end" }, "text", number(most * share, most * share % 1 ? 1 : 0));
      draw(svg, { x: x(end * share), y: height - 4, "text-anchor": share === 0 ? "start" : share === 1 ? "end" : "middle" }, "text",
        number(end * share, end * share % 1 ? 1 : 0) + " s");
    }
    for (const area of areas) {
      if (area.points.length === 0)
        continue;
      const high = area.points.map((p) => at(p[0], p[2])), low = area.points.map((p) => at(p[0], p[1])).reverse();
      draw(svg, { class: area.kind, d: "M" + high.concat(low).join("L") + "Z" }, "path");
    }
    for (const line of lines)
      if (line.points.length > 0)
        draw(svg, { class: line.kind, d: "M" + line.points.map((p) => at(p[0], p[1])).join("L") }, "path");
  }
  function drawCharts(v) {
    const over = (key) => v.samples.map((s) => [s.at_s, s[key]]);
    chart("rate", v, [{ kind: "l0", points: over("due_per_s") }, { kind: "l1", points: over("rate_per_s") }], []);
    chart("use", v, [{ kind: "l3", points: over("queue") }, { kind: "l2", points: over("busy") }, { kind: "l1", points: over("up") }], []);
    for (let s = 0; s < 4; s++) {
      const seen = [[0, 0]], band = [[0, 0, 0]], mean = [[0, 0]];
      let lost = 0;
      for (const i of v.intervals) {
        const p = i.predicted_so_far[s];
        if (p.mean !== null) {
          band.push([i.end_s, p.low, p.high]);
          mean.push([i.end_s, p.mean]);
        }
        lost += i.lost[s];
        if (i.end_s <= v.compared_s)
          seen.push([i.end_s, lost]);
      }
      chart("loss" + s, v, [{ kind: "mean", points: mean }, { kind: "l1", points: seen }], [{ kind: "band", points: band }]);
    }
  }

  // ---- parts ----
  function showHead(v) {
    document.title = (v.end && v.end.judgement ? word(v.end.judgement) + ": " : "") + v.name + " – peakrig";
    id("name").textContent = v.name;
    id("phase").textContent = phases[v.phase] || v.phase;
    let text = say("{{$1 of $2 s}}", number(Math.max(0, v.at_s)), number(v.duration_s));
    if (v.time_scale !== 1)
      text += say("{{ (played $1 times as fast)}}", number(v.time_scale, v.time_scale % 1 ? 1 : 0));
    if (v.phase === "placing" && v.left_wire_s !== null)
      text += say("{{, $1 until the last call}}", clock(v.left_wire_s));
    id("where").textContent = text + say("{{; calls to $1}}", v.target) +
      (v.packets_dropped > 0 ? say("{{; the capture lost $1 packets}}", number(v.packets_dropped)) : "");
    id("done").value = v.phase === "over" ? 1 : Math.min(1, Math.max(0, v.at_s / v.duration_s));
    if (["stopping", "judging", "over"].includes(v.phase))
      id("stop").disabled = true;
  }
  function showTiles(v) {
    const circuits = v.circuits.predicted.mean === null ? say("{{of $1}}", number(v.circuits.of)) :
      say("{{of $1, expected $2}}", number(v.circuits.of), number(v.circuits.predicted.mean));
    const tiles = [
      ["{{calls on the wire}}", number(v.calls.offered), say("{{of $1 planned, $2 due}}", number(v.calls.planned), number(v.calls.due))],
      ["{{calls a second}}", number(v.calls.rate_per_s, 1), say("{{planned $1}}", number(v.calls.due_per_s, 1))],
      ["{{circuits in use}}", number(v.circuits.in_use), circuits],
      ["{{wait in the queue}}", number(v.queue.waiting), v.queue.predicted.mean === null ? "" : say("{{expected $1}}", number(v.queue.predicted.mean))],
      ["{{agents busy}}", number(v.agents.busy), say("{{of $1}}", number(v.agents.of))],
      ["{{served by agents}}", number(v.calls.outcomes.served), say("{{$1 by the menu}}", number(v.calls.outcomes.self_served))],
      ["{{connected}}", percent(v.figures.connect_rate), "{{of the calls that are over}}"],
      ["{{answered in time}}", percent(v.figures.service_level), "{{of those in the queue}}"]];
    id("tiles").replaceChildren(...tiles.map(([name, value, more]) => {
      const div = document.createElement("div");
      div.className = "tile";
      for (const [tag, text] of [["span", name], ["b", value], ["span", more]]) {
        const e = document.createElement(tag);
        e.textContent = text;
        div.append(e);
      }
      return div;
    }));
  }
  function showStages(v) {
    id("by").textContent = v.compared_s > 0 ? say("{{by $1 s}}", number(v.compared_s)) : "{{so far}}";
    fill("stages", v.stages.map((s) => {
      const band = s.predicted_compared, isKnown = v.compared_s > 0 && band.mean !== null;
      const kind = s.beside_prediction === "within" ? "" : s.beside_prediction;
      return [word(s.name), number(s.entered), number(s.lost), percent(s.loss),
        v.compared_s > 0 ? number(s.lost_compared) + (s.open_compared > 0 ? "+" : "") : "–",
        { text: isKnown ? number(band.low) + " .. " + number(band.high) + " ± " + number(s.margin_compared) + (kind ? " (" + word(kind) + ")" : "") : "–", kind: kind }];
    }));
  }
  function showTables(v) {
    fill("levels", v.levels.map((l) => {
      const isMin = l.min !== undefined, limit = isMin ? l.min : l.max;
      const kind = l.value === null ? "" : (isMin ? l.value >= limit : l.value <= limit) ? "met" : "missed";
      return [l.metric, { text: l.value === null ? "{{known at the end}}" : valueIn(l.value, l.unit) + (kind === "missed" ? "{{ (missed so far)}}" : ""), kind: kind },
        say(isMin ? "{{at least $1}}" : "{{at most $1}}", limitIn(limit, l.unit))];
    }));
    if (v.levels.length === 0)
      fill("levels", [["{{the scenario sets none}}", "", ""]]);
    id("faults-part").hidden = v.faults.length === 0;
    fill("faults", v.faults.map((f) => [f.what.replace(/^\w+/, word), number(f.from_s) + " s", number(f.until_s) + " s", { text: f.is_on ? "{{now}}" : "", kind: "more" }]));
    isOver = isOver || !!v.end;
    showLost(v);
  }
  /* Rows that a mouse is on do not run away from it. */
  let isPointed = false;
  function showLost(v) {
    if (!isPointed || isOver)
      keepFocus(() => fill("lost", v.lost.map((l) => [number(l.at_s, 1) + " s", l.outcome, l.reason, { text: "", call: l.call_id }])));
  }
  function showEnd(v) {
    if (!v.end)
      return;
    isOver = true;
    id("end").hidden = false;
    id("end").className = v.end.judgement || "";
    id("judgement").textContent = v.end.judgement ? word(v.end.judgement) : "{{No verdict}}";
    id("verdict").textContent = say("{{$1 (exit code $2)}}", v.end.told, v.end.exit_code);
    id("report").textContent = v.end.report ? say("{{Report: $1}}", v.end.report) : "";
    note("{{The run is over, and its server with it: this page stays as it is.}}");
  }
  function show(v) {
    last = v;
    showHead(v);
    showTiles(v);
    showStages(v);
    showTables(v);
    drawCharts(v);
    if (v.is_blind)
      note("{{Another program captures (--capture): of the calls only what is due is known until the end.}}");
    showEnd(v);
  }

  // ---- the server ----
  const events = new EventSource("events?token=" + encodeURIComponent(token));
  events.addEventListener("state", (event) => {
    note("");
    show(JSON.parse(event.data));
    if (isOver)
      events.close();
  });
  events.addEventListener("error", () => {
    if (!isOver)
      note("{{No word from the run: its server is busy, or has ended. Trying again.}}");
  });
  id("stop").addEventListener("click", async () => {
    if (!confirm("{{Stop the run? Its calls are hung up; what was played is judged as invalid.}}"))
      return;
    id("stop").disabled = true;
    try {
      const answer = await fetch("stop", { method: "POST", headers: { Authorization: "Bearer " + token } });
      if (!answer.ok)
        throw new Error(await answer.text());
      note("{{The run is asked to stop.}}");
    } catch (error) {
      note(say("{{Not stopped: $1}}", error.message));
      id("stop").disabled = false;
    }
  });
  id("lost").addEventListener("click", async (event) => {
    const call = event.target.dataset.call, at = id("ladder");
    if (!call)
      return;
    at.hidden = false;
    at.querySelector("h2").textContent = say("{{The messages of $1}}", call);
    at.querySelector("pre").textContent = "{{reading the capture ..}}";
    at.scrollIntoView({ block: "nearest" });
    try {
      const answer = await fetch("ladder?call=" + encodeURIComponent(call), { headers: { Authorization: "Bearer " + token } });
      const text = await answer.text();
      at.querySelector("pre").textContent = answer.ok ? text :
        say("{{Not drawn: $1}}", answer.status === 404 ? "{{other calls were lost since, and it has left the list; peakrig analyze --ladder shows it after the run}}" : text);
    } catch (error) {
      at.querySelector("pre").textContent = say("{{Not drawn: $1}}", error.message);
    }
    at.scrollIntoView({ block: "nearest" });
  });
  id("lost").addEventListener("pointerenter", (event) => { isPointed = event.pointerType === "mouse"; });
  id("lost").addEventListener("pointerleave", () => {
    isPointed = false;
    if (last)
      showLost(last);
  });
  addEventListener("resize", () => last && drawCharts(last));
})();

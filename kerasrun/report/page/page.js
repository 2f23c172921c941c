// The page without it is whole; with it, charts tell their values, and the theme can be chosen.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";

  function make(name, attributes, parent) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
    return element;
  }

  function add(name, parent, text, look) {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (look) element.className = look;
    parent.append(element);
    return element;
  }

  const written = (value) =>
    value === null ? "–" : Math.abs(value) >= 1e4 ? value.toLocaleString("en") : String(Number(value.toPrecision(5)));
  const percent = (share) => `${(100 * share).toFixed(3)}%`;
  const within = (value, low, high) => Math.min(Math.max(value, low), high);

  function share(axis, value) {
    if (value === null || (axis.log && value <= 0)) return NaN;
    return ((axis.log ? Math.log10(value) : value) - axis.low) / (axis.high - axis.low);
  }

  // The index of the number nearest to one, in rising numbers.
  function nearest(numbers, value) {
    let low = 0, high = numbers.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (numbers[middle] < value) low = middle; else high = middle;
    }
    return Math.abs(numbers[high] - value) < Math.abs(numbers[low] - value) ? high : low;
  }

  // Each kind of chart: how many places it has, which of them a pointer means, what one shows, and where a key leads.
  const step = (keys) => (key, place, count) =>
    ({ Home: 0, End: count - 1, PageUp: place - Math.ceil(count / 10), PageDown: place + Math.ceil(count / 10) })[key]
      ?? (key in keys ? place + keys[key] : undefined);
  const along = step({ ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 });

  function byX(data) {
    const lines = data.series.filter((one) => one.x.length > 2 || data.series.every((other) => other.x.length <= 2));
    const xs = lines.reduce((longest, one) => (one.x.length > longest.length ? one.x : longest), []);
    return {
      count: xs.length, move: along,
      find(x) {
        const value = data.x.low + x * (data.x.high - data.x.low);
        return nearest(xs, data.x.log ? 10 ** value : value);
      },
      show(place) {
        const x = xs[place], rows = [], points = [];
        for (const one of lines) {
          const index = nearest(one.x, x), at = one.x[index];
          const aside = at === x ? "" : ` (at ${written(at)})`;
          const note = one.notes ? `, ${one.notes[index]}` : "";
          rows.push([one.label + aside, written(one.y[index]) + note]);
          points.push([share(data.x, at), 1 - share(data.y, one.y[index]), one.look]);
        }
        return { title: `${data.x.label || "x"} ${written(x)}`, rows, points, across: share(data.x, x) };
      },
    };
  }

  function byPoint(data) {
    const points = data.series.filter((one) => one.look !== "ideal").flatMap((one) => one.x.map((x, row) => [x, one.y[row]]));
    points.sort((a, b) => a[0] - b[0]);
    const at = ([x, y]) => [share(data.x, x), 1 - share(data.y, y)];
    return {
      count: points.length, move: along,
      find(x, y, size) {
        const far = points.map((point) => { const [a, b] = at(point); return Math.hypot((a - x) * size.width, (b - y) * size.height); });
        return far.indexOf(Math.min(...far));
      },
      show: (place) => ({
        rows: [[data.x.label, written(points[place][0])], [data.y.label, written(points[place][1])]],
        points: [[...at(points[place]), "training"]],
      }),
    };
  }

  function matrix(data) {
    const size = data.names.length, totals = data.counts.map((row) => row.reduce((sum, count) => sum + count, 0));
    return {
      count: size * size, move: step({ ArrowRight: 1, ArrowLeft: -1, ArrowDown: size, ArrowUp: -size }),
      find: (x, y) => within(Math.floor(y * size), 0, size - 1) * size + within(Math.floor(x * size), 0, size - 1),
      show(place) {
        const row = Math.floor(place / size), column = place % size, count = data.counts[row][column];
        const part = totals[row] ? ` (${((100 * count) / totals[row]).toFixed(1)} % of its ${written(totals[row])})` : "";
        return {
          rows: [["true class", data.names[row]], ["predicted as", data.names[column]], ["rows", written(count) + part]],
          cell: [column / size, row / size, 1 / size, 1 / size],
        };
      },
    };
  }

  function byRow(data) {
    const count = data.names.length;
    return {
      count, move: step({ ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }),
      find: (x, y) => within(Math.floor(y * count), 0, count - 1),
      show: (place) => ({
        title: data.names[place],
        rows: [...data.columns.map((name, column) => [name, data.values[place][column]]), ["of", data.notes[place]]],
        cell: [0, place / count, 1, 1 / count],
      }),
    };
  }

  const KINDS = { x: byX, point: byPoint, matrix, rows: byRow };

  function enliven(plot) {
    const data = JSON.parse(plot.querySelector("script").textContent), kind = KINDS[data.kind](data);
    if (!kind.count) return;
    const area = plot.querySelector(".area"), layer = make("g", { "aria-hidden": "true" }, area);
    const cursor = add("div", plot, undefined, "cursor"), tip = add("div", plot, undefined, "tip");
    const title = area.querySelector("title").textContent;
    let place = kind.count - 1;
    tip.hidden = true;
    for (const [key, value] of Object.entries({
      role: "slider", tabindex: "0", "aria-label": `${title}: values, by arrow keys`,
      "aria-valuemin": "0", "aria-valuemax": String(kind.count - 1), "aria-valuenow": String(place), "aria-valuetext": "",
    })) cursor.setAttribute(key, value);

    function show(next) {
      place = within(next, 0, kind.count - 1);
      const { title, rows, points = [], across, cell } = kind.show(place);
      layer.replaceChildren();
      if (across !== undefined) make("line", { x1: percent(across), x2: percent(across), y1: 0, y2: "100%", class: "cross" }, layer);
      for (const [x, y, look] of points)
        if (y >= 0 && y <= 1) make("circle", { cx: percent(x), cy: percent(y), r: 4.5, class: `here ${look}` }, layer);
      if (cell) make("rect", { x: percent(cell[0]), y: percent(cell[1]), width: percent(cell[2]), height: percent(cell[3]), class: "here cell" }, layer);
      tip.replaceChildren();
      if (title) add("strong", tip, title);
      for (const [name, value] of rows) { const row = add("span", tip, name); add("b", row, value); }
      tip.hidden = false;
      const words = rows.map(([name, value]) => `${name} ${value}`).join(", ");
      cursor.setAttribute("aria-valuenow", String(place));
      cursor.setAttribute("aria-valuetext", title ? `${title}: ${words}` : words);
      put(cell ? [cell[0] + cell[2] / 2, cell[1] + cell[3]] : points.length > 1 || !points.length ? [across, 0] : points[0]);
    }

    // Beside the place, on the side with more room, and never beyond the window.
    function put([x, y]) {
      const size = area.getBoundingClientRect(), left = x * size.width;
      const wanted = x > 0.5 ? left - tip.offsetWidth - 14 : left + 14;
      const room = document.documentElement.clientWidth - 8 - size.left - tip.offsetWidth;
      tip.style.left = `${within(wanted, 8 - size.left, Math.max(room, 8 - size.left))}px`;
      tip.style.top = `${within(y * size.height + 8, 0, Math.max(0, size.height - tip.offsetHeight))}px`;
    }

    function hide() { tip.hidden = true; layer.replaceChildren(); }

    function point(event) {
      const size = area.getBoundingClientRect();
      show(kind.find((event.clientX - size.left) / size.width, (event.clientY - size.top) / size.height, size));
    }

    cursor.addEventListener("pointermove", point);
    cursor.addEventListener("pointerdown", point);
    cursor.addEventListener("pointerleave", hide);
    cursor.addEventListener("focus", () => { if (cursor.matches(":focus-visible")) show(place); });
    cursor.addEventListener("blur", hide);
    cursor.addEventListener("keydown", (event) => {
      if (event.key === "Escape") return hide();
      const next = kind.move(event.key, place, kind.count);
      if (next === undefined) return;
      event.preventDefault();
      show(next);
    });
  }

  function addThemeButton() {
    const root = document.documentElement, system = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
    const button = add("button", document.querySelector(".head"), undefined, "theme");
    const label = () => { button.textContent = isDark() ? "☀ Light" : "☾ Dark"; };
    button.type = "button";
    button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; label(); });
    system.addEventListener("change", label);
    label();
  }

  // On paper nothing can be unfolded.
  function unfoldForPrint() {
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = [...document.querySelectorAll("details:not([open]):not(.data)")];
      for (const one of folded) one.open = true;
    });
    addEventListener("afterprint", () => { for (const one of folded) one.open = false; });
  }

  addThemeButton();
  unfoldForPrint();
  document.querySelectorAll(".plot").forEach(enliven);
})();

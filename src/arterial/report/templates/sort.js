// Sorts a table by the column whose heading is pressed. The page says everything without it.
// A span, not a button: browsers leave buttons out of headings that they repeat on every printed page.
for (const table of document.querySelectorAll("table.sortable")) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    const press = document.createElement("span");
    press.className = "press";
    press.tabIndex = 0;
    press.setAttribute("role", "button");
    press.append(...heading.childNodes);
    heading.append(press);
    const sort = () => {
      const down = heading.getAttribute("aria-sort") !== "descending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].dataset.v ?? row.cells[column].textContent.trim();
      const order = (one, other) => {
        const [x, y] = [key(one), key(other)];
        const numbers = x !== "" && y !== "" && !isNaN(x) && !isNaN(y);
        return numbers ? x - y : x.localeCompare(y, "en", { numeric: true });
      };
      const rows = [...table.tBodies[0].rows].sort(order);
      table.tBodies[0].append(...(down ? rows.reverse() : rows));
    };
    press.addEventListener("click", sort);
    press.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        sort();
      }
    });
  });
}

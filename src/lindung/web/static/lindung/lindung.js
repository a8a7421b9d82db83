/* Small helps on top of pages that work without them. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function typing(node) { return node && (/^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) && node.type !== "checkbox"); }

  function toggleTheme() {
    var dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = "theme=" + root.dataset.theme + ";path=/;max-age=31536000;SameSite=Lax" +
      (location.protocol === "https:" ? ";Secure" : "");
  }

  function countSelected() {
    all("[data-bulk]").forEach(function (bar) {
      var boxes = all("input[name=selected]"), picked = boxes.filter(function (box) { return box.checked; }).length;
      var every = bar.querySelector("[data-bulk-all]"), head = document.querySelector("[data-select-all]");
      bar.classList.toggle("bulk-on", picked > 0 || !!(every && every.checked));
      bar.querySelector("[data-bulk-count]").textContent = picked;
      if (head) { head.checked = picked > 0 && picked === boxes.length; head.indeterminate = picked > 0 && picked < boxes.length; }
    });
  }

  function openDialog(dialog, event) {
    if (!dialog || !dialog.showModal) return;
    event.preventDefault();
    if (dialog.matches(":popover-open")) dialog.hidePopover();
    dialog.showModal();
  }

  function fill(button) {
    var name = document.getElementById("id_username"), word = document.getElementById("id_password");
    name.value = button.dataset.fillUsername;
    word.value = button.dataset.fillPassword || "";
    (word.value ? word.form.querySelector(".btn-primary") : word).focus();
  }

  function copy(button) {
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      button.classList.add("copied");
      setTimeout(function () { button.classList.remove("copied"); }, 2000);
    });
  }

  document.addEventListener("click", function (event) {
    var at = event.target.closest("[data-theme-toggle],[data-dialog],[data-close],[data-copy],[data-fill-username],[data-print]");
    if (at) {
      if (at.hasAttribute("data-theme-toggle")) toggleTheme();
      else if (at.dataset.dialog) openDialog(document.getElementById(at.dataset.dialog), event);
      else if (at.hasAttribute("data-close")) {
        var dialog = at.closest("dialog");
        if (dialog.open && !dialog.matches(":popover-open")) { event.preventDefault(); dialog.close(); }
      } else if (at.dataset.copy) copy(at);
      else if (at.dataset.fillUsername) fill(at);
      else print();
      return;
    }
    var row = event.target.closest("tr[data-url]");
    if (row && !event.target.closest("a,button,input,label") && !String(getSelection())) location.href = row.dataset.url;
    all("details.user[open]").forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-select-all]"))
      all("input[name=selected]").forEach(function (box) { box.checked = event.target.checked; });
    if (event.target.matches("[data-select-all],[data-bulk-all],input[name=selected]")) countSelected();
  });

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    var search = document.getElementById("list-search"), table = document.querySelector("table[data-keys]");
    if (event.key === "Escape") all("details.user[open]").forEach(function (menu) { menu.open = false; });
    if (typing(event.target)) return;
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); search.select(); return; }
    if (!table) return;
    var rows = all("tbody tr", table), now = rows.indexOf(document.activeElement.closest("tr"));
    var inside = table.parentNode.contains(document.activeElement), step = 0;
    if (event.key === "j" || (inside && event.key === "ArrowDown")) step = 1;
    if (event.key === "k" || (inside && event.key === "ArrowUp")) step = -1;
    if (step) {
      var next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
      event.preventDefault();
      next.tabIndex = -1;
      next.focus();
    } else if (now >= 0 && document.activeElement === rows[now]) {
      var box = rows[now].querySelector("input[name=selected]");
      if (event.key === "Enter" && rows[now].dataset.url) location.href = rows[now].dataset.url;
      if (event.key === "x" && box) { box.checked = !box.checked; countSelected(); }
    }
  });

  /* Empty fields stay out of the address. */
  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.verb !== "get") return;
    var given = event.detail.parameters;
    Object.keys(given).forEach(function (key) { if (given[key] === "") delete given[key]; });
  });

  /* A filter word that was taken away also leaves its field. */
  document.addEventListener("htmx:afterSwap", function () {
    var part = document.getElementById("table-part"), form = document.getElementById("list-form");
    if (!part || !form) return;
    var asked = new URLSearchParams(location.search);
    all("select,input[type=search]", form).forEach(function (node) {
      if (node !== document.activeElement) node.value = asked.get(node.name) || "";
    });
    countSelected();
  });

  /* A whole page where a part was asked for: the session has ended; load it properly. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (/^\s*<!doctype/i.test(event.detail.xhr.responseText)) { event.detail.shouldSwap = false; location.reload(); }
  });

  /* On a phone a table wider than its place becomes cards, each value beside its column's title. Without script it
     scrolls. */
  var phone = matchMedia("(max-width: 639px)");
  function foldTables() {
    all(".table-wrap:not(.list)").forEach(function (wrap) {
      var titles = all("thead th", wrap);
      wrap.classList.remove("cards");
      if (!phone.matches || wrap.scrollWidth <= wrap.clientWidth || wrap.querySelector("[colspan]")) return;
      all("tr", wrap).forEach(function (row) {
        all("th,td", row).forEach(function (cell, at) { if (titles[at]) cell.dataset.title = titles[at].textContent; });
      });
      wrap.classList.add("cards");
    });
  }

  function start() {
    all("[data-theme-toggle]").forEach(function (button) { button.hidden = false; });
    var faulty = document.querySelector("[data-focus]");
    if (matchMedia("(max-width: 999px)").matches)
      all(".nav [aria-current], .tabs [aria-current]").forEach(function (here) {
        here.scrollIntoView({ block: "nearest", inline: "center" });
      });
    if (faulty) faulty.focus();
    countSelected();
    foldTables();
    phone.addEventListener("change", foldTables);
    document.addEventListener("toggle", foldTables, true); // what was folded away has no width before it opens
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();

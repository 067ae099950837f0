(function () {
  "use strict";
  var right = document.getElementById("right"), left = document.getElementById("left"), held = "";
  var lines = Array.prototype.slice.call(document.querySelectorAll(".line[data-s]"));
  function names(line) { return line.getAttribute("data-s").split(" "); }
  function mark(wanted) {
    lines.forEach(function (line) {
      line.classList.toggle("on", names(line).some(function (name) { return wanted.indexOf(name) >= 0; }));
    });
  }
  function show(id) {
    Array.prototype.forEach.call(right.querySelectorAll("pre.file"), function (file) { file.hidden = file.id !== id; });
    Array.prototype.forEach.call(right.querySelectorAll("button"), function (button) {
      button.setAttribute("aria-selected", String(button.getAttribute("data-file") === id));
    });
  }
  function bring(pane, wanted) {
    var found = lines.filter(function (line) {
      return pane.contains(line) && names(line).some(function (name) { return wanted.indexOf(name) >= 0; });
    });
    if (!found.length) { return; }
    if (pane === right) { show(found[0].parentNode.id); }
    var top = found[0].getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += top - pane.clientHeight / 3;
  }
  lines.forEach(function (line) {
    line.addEventListener("mouseenter", function () { if (!held) { mark(names(line)); } });
    line.addEventListener("mouseleave", function () { if (!held) { mark([]); } });
    line.addEventListener("click", function () {
      var key = line.getAttribute("data-s");
      held = held === key ? "" : key;
      mark(held ? names(line) : []);
      if (held) { bring(left.contains(line) ? right : left, names(line)); }
    });
  });
  right.addEventListener("click", function (event) {
    var id = event.target.getAttribute && event.target.getAttribute("data-file");
    if (id) { show(id); right.scrollTop = 0; }
  });
  Array.prototype.forEach.call(document.querySelectorAll("[data-jump]"), function (link) {
    link.addEventListener("click", function () {
      held = link.getAttribute("data-jump");
      mark([held]); bring(left, [held]); bring(right, [held]);
    });
  });
  if (location.hash.indexOf("#c") === 0 && location.hash.indexOf(".s") > 0) {
    held = location.hash.slice(1); mark([held]); bring(left, [held]); bring(right, [held]);
    document.getElementById("code").scrollIntoView();
  }
})();

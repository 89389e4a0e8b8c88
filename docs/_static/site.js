// What scrolls sideways can be scrolled with the keyboard, and the captions of the contents say their level.
document.addEventListener("DOMContentLoaded", () => {
  for (const one of document.querySelectorAll("pre, .table-wrapper")) one.tabIndex = 0;
  for (const one of document.querySelectorAll('[role="heading"]:not([aria-level])')) one.ariaLevel = "2";
});

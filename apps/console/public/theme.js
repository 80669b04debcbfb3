/* Before the first paint, so that a dark page does not flash white. */
(function () {
  var kept = null;
  try {
    kept = localStorage.getItem('wxfleet.theme');
  } catch (error) {
    void error;
  }
  var dark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();

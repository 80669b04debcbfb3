/* WeChat opens its page only for a browser that comes from the domain of the platform: this page is on it. */
(function () {
  var HOSTS = ['mp.weixin.qq.com', 'open.weixin.qq.com'];
  var go = document.getElementById('go');
  var state = document.getElementById('state');
  var left = document.getElementById('left');
  var fields = new URLSearchParams(location.hash.slice(1));
  var target = null;
  try {
    target = new URL(fields.get('to') || '');
  } catch (error) {
    void error;
  }
  var expires = Number(fields.get('until'));

  function refuse(text) {
    go.hidden = true;
    left.textContent = '';
    state.hidden = false;
    state.textContent = text;
  }
  /* Nowhere else: an invitation must not become a way to send people to any site. */
  if (!target || target.protocol !== 'https:' || HOSTS.indexOf(target.host) < 0) {
    refuse('邀请链接不完整，请向服务商索取新的链接。');
    return;
  }
  document.getElementById('host').textContent = target.host;
  go.href = target.href;
  function tick() {
    var seconds = Math.floor((expires - Date.now()) / 1000);
    if (expires > 0 && seconds <= 0) {
      refuse('链接已过期，请向服务商索取新的链接。');
      clearInterval(timer);
      return;
    }
    go.hidden = false;
    if (expires > 0) {
      left.textContent = '有效期剩余 ' + Math.floor(seconds / 60) + ' 分 ' + (seconds % 60) + ' 秒';
    }
  }
  var timer = setInterval(tick, 1000);
  tick();
})();

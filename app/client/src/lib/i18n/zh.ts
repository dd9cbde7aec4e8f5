/** Chinese texts of the islands: the source. Keys are `island.what`; `{name}` is filled in by t(). */
export const zh = {
  'island.failed': '此部分未能载入，请刷新页面重试。',

  'http.offline': '无法连接服务器，请检查网络后重试。',
  'http.timeout': '服务器响应超时，请稍后重试。',
  'http.failed': '操作未能完成，请稍后重试。',

  'status.close': '关闭提示',
} as const;

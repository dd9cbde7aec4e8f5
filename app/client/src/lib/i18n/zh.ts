/** Chinese texts of the islands: the source. Keys are `island.what`; `{name}` is filled in by t(). */
export const zh = {
  'island.failed': '此部分未能载入，请刷新页面重试。',

  'http.offline': '无法连接服务器，请检查网络后重试。',
  'http.timeout': '服务器响应超时，请稍后重试。',
  'http.failed': '操作未能完成，请稍后重试。',

  'status.close': '关闭提示',

  'form.loading': '正在载入表单…',
  'form.submit': '提交',
  'form.submitting': '正在提交…',
  'form.retry': '重试',
  'form.back': '返回',
  'form.summary': '有 {count} 处需要修改',
  'form.entry': '{label}：{message}',
  'form.conflict': '此任务已由他人处理，您填写的内容没有提交。',
  'form.kept': '没有提交成功，您填写的内容仍在此页。{reason}',
  'form.draft.saving': '正在保存草稿…',
  'form.draft.saved': '已保存草稿 {time}',
  'form.draft.failed': '草稿尚未保存，网络恢复后自动重试。',
  'form.draft.refused': '草稿不能保存：{reason}',
} as const;

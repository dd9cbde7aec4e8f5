/** Words of the panel that hands a draft to a second manager. */
import { translator } from '../../lib/i18n/translator';

const zh = {
  'propose.title': '提出修改',
  'propose.how': '提出后由另一位流程管理员对照现行版本审阅并签署，签署后立即生效。您自己不能签署。',
  'propose.reason': '为什么修改',
  'propose.reason.hint': '签署的人会看到，并随版本保留。',
  'propose.submit': '提出并请求签署',
  'propose.submitting': '正在检查…',
  'propose.faults': '还有 {count} 处必须改正，改正后才能提出。',
  'propose.show': '查看',
  'propose.refused': '没有提出：{reason}',
  'propose.open': '已有一项修改等待签署。',
  'propose.history': '最近提出的修改',
  'propose.none': '还没有提出过修改。',
  'propose.state.open': '待签署',
  'propose.state.signed': '已签署',
  'propose.state.refused': '已退回',
  'propose.state.withdrawn': '已撤回',
  'propose.by': '{name}提出',
  'propose.files': '文件',
  'propose.compare': '与现行版本比较',
  'propose.export': '导出草稿',
  'propose.import': '导入文件',
} as const;

const en: Record<keyof typeof zh, string> = {
  'propose.title': 'Propose the change',
  'propose.how':
    'Another process manager compares it with what is in force and signs it; it is in force at once. You cannot sign it yourself.',
  'propose.reason': 'Why it is changed',
  'propose.reason.hint': 'Whoever signs sees it, and it stays with the version.',
  'propose.submit': 'Propose and ask for a signature',
  'propose.submitting': 'Checking…',
  'propose.faults': '{count} things must be corrected before it can be proposed.',
  'propose.show': 'Show',
  'propose.refused': 'Not proposed: {reason}',
  'propose.open': 'A change waits to be signed already.',
  'propose.history': 'Latest changes proposed',
  'propose.none': 'Nothing has been proposed yet.',
  'propose.state.open': 'To be signed',
  'propose.state.signed': 'Signed',
  'propose.state.refused': 'Refused',
  'propose.state.withdrawn': 'Withdrawn',
  'propose.by': 'Proposed by {name}',
  'propose.files': 'Files',
  'propose.compare': 'Compare with what is in force',
  'propose.export': 'Export the draft',
  'propose.import': 'Import files',
};

export const t = translator(zh, en);

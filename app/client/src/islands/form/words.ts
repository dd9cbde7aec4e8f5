/** What form-js says, in the page's language. The validation texts are the server's own, word for word. */
import messages from '../../../../../forms/messages.json';
import { type Language, language } from '../../lib/i18n';

interface Message {
  form_js?: string;
  zh: string;
  en: string;
}

export type Code = keyof typeof messages;

const VIEWER_ZH: Readonly<Record<string, string>> = {
  'Add new': '添加一项',
  'All values selected': '已全部选中',
  "binding path '{value}' is already claimed": '字段名“{value}”重复',
  'Click to remove sorting': '点击取消排序',
  'Click to sort by {value} ascending': '点击按“{value}”升序排列',
  'Click to sort by {value} descending': '点击按“{value}”降序排列',
  Collapse: '收起',
  'Date and time must both be entered.': '日期和时间须同时填写。',
  Decrement: '减少',
  'Document reference is not defined.': '未指定文档。',
  'Download {fileName}': '下载 {fileName}',
  'Expand all ({value})': '展开全部（{value}）',
  "External content couldn't be loaded.": '外部内容未能载入。',
  Increment: '增加',
  'Next page': '下一页',
  'No content to show.': '没有可显示的内容。',
  'No files selected': '未选择文件',
  'No results': '没有匹配的选项',
  'Nothing to show.': '没有内容。',
  'Previous page': '上一页',
  'Remove tag': '移除此项',
  Search: '搜索',
  Select: '请选择',
  'Skip to search': '跳到搜索',
  'Unable to download document': '文档下载失败',
  '{page} of {total}': '第 {page} 页，共 {total} 页',
  '{value} files selected': '已选择 {value} 个文件',
};

const all: Readonly<Record<Code, Message>> = messages;
const codes = new Map(
  (Object.keys(all) as Code[]).flatMap((code) => {
    const key = all[code].form_js;
    return key ? [[key, code] as const] : [];
  }),
);

/** The text of a fault, as forms.messages gives it. */
export function message(code: Code, params: Readonly<Record<string, unknown>> = {}): string {
  return fill(all[code][language()], params);
}

/** The code of a text form-js asks for, if it is one of validation. */
export const codeOf = (template: string): Code | undefined => codes.get(template);

/** The `translate` service of form-js. */
export function translate(
  template: string,
  params: Readonly<Record<string, unknown>> = {},
): string {
  const code = codeOf(template);
  if (code) return message(code, params);
  return fill(wordFor(template, language()) ?? template, params);
}

/** Our text for one of form-js's own words; undefined if there is none. */
export function wordFor(template: string, into: Language): string | undefined {
  return into === 'zh' ? VIEWER_ZH[template] : template;
}

function fill(text: string, params: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

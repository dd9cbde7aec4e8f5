declare module 'bpmnlint/lib/resolver/static-resolver' {
  export default class StaticResolver {
    constructor(cache: Readonly<Record<string, unknown>>);
  }
}

declare module 'bpmnlint' {
  export class Linter {
    constructor(options: { config: object; resolver: object });
    lint(root: object): Promise<Record<string, { message: string; said?: unknown }[]>>;
  }
}

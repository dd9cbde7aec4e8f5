/** What dmn-js ships without types, as far as the studio uses it. */

declare module 'dmn-js/lib/Modeler' {
  import type { ModuleDeclaration } from 'didi';

  export interface View {
    element: { id: string };
    type: 'drd' | 'decisionTable' | 'literalExpression' | 'boxedExpression';
  }
  export interface Inner {
    get<T>(service: string): T;
    on(event: string, heard: (event: { trigger?: string }) => void): void;
  }
  export type Options = { container: HTMLElement } & Record<
    View['type'],
    { additionalModules: readonly ModuleDeclaration[] }
  >;
  export default class Modeler {
    constructor(options: Options);
    importXML(xml: string, options: { open: boolean }): Promise<{ warnings: unknown[] }>;
    saveXML(options: { format: boolean }): Promise<{ xml: string }>;
    open(view: View): Promise<unknown>;
    getViews(): readonly View[];
    getActiveView(): View | undefined;
    getActiveViewer(): Inner | undefined;
    on(event: 'viewer.created', heard: (event: { viewer: Inner }) => void): void;
    on(event: 'views.changed', heard: (event: { activeView?: View }) => void): void;
    destroy(): void;
  }
}

declare module 'dmn-js/lib/NavigatedViewer' {
  export { default } from 'dmn-js/lib/Modeler';
}

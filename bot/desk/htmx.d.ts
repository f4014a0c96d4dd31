// What the desk's scripts use of htmx.
declare const htmx: {
  ajax(verb: string, path: string, context: { source?: string; target?: string; swap?: string }): Promise<void>;
};

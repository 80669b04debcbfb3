/**
 * antd writes styles at run time. The page's Content-Security-Policy takes only style elements with the nonce of this
 * answer, and some of antd's helpers forget it, so every style element gets it when it is made.
 */
const holder = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');

export const nonce = holder?.nonce || holder?.getAttribute('nonce') || undefined;

if (nonce !== undefined) {
  const create = document.createElement.bind(document);
  document.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (name.toLowerCase() === 'style') element.nonce = nonce;
    return element;
  };
}

/** A face's title without the page's own before it: `face 3` of `photo.jpg, face 3`. */
export const faceLabel = (title: string, pageTitle: string): string => (title.startsWith(`${pageTitle}, `) ? title.slice(pageTitle.length + 2) : title);

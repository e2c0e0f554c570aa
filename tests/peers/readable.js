// Returns what is hard to read on the page as it stands: text of too little contrast, and what makes it too wide.
function channels(colour) {
  const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
  return { rgb: [red, green, blue], alpha };
}
function over({ rgb, alpha }, ground) {
  return rgb.map((value, index) => alpha * value + (1 - alpha) * ground[index]);
}
function luminance(rgb) {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one, other) {
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}
function groundOf(element) {
  if (!element) return matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
  const ground = channels(getComputedStyle(element).backgroundColor);
  return ground.alpha === 1 ? ground.rgb : over(ground, groundOf(element.parentElement));
}
// What is written in a picture stands on the shape beside it, where there is a filled one.
function groundOfDrawn(element) {
  const shape = element.previousElementSibling?.matches("rect") ? element.previousElementSibling : null;
  return shape ? channels(getComputedStyle(shape).fill).rgb : groundOf(element.closest("svg").parentElement);
}
function isShown(element) {
  return element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getClientRects().length;
}
const complaints = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  const words = walker.currentNode.data.trim();
  if (!words || ["SCRIPT", "STYLE", "OPTION"].includes(element.tagName) || !isShown(element)) continue;
  const style = getComputedStyle(element);
  const isDrawn = element.matches("svg text");
  const ground = isDrawn ? groundOfDrawn(element) : groundOf(element);
  const ratio = contrast(over(channels(isDrawn ? style.fill : style.color), ground), ground);
  if (ratio < 4.5 && !element.closest(":disabled")) complaints.add(`contrast ${ratio.toFixed(2)}: ${words.slice(0, 40)}`);
}
for (const field of document.querySelectorAll("input, select, textarea")) {
  if (!isShown(field) || field.type === "checkbox") continue;
  const ratio = contrast(channels(getComputedStyle(field).borderTopColor).rgb, groundOf(field.parentElement));
  if (ratio < 3) complaints.add(`contrast ${ratio.toFixed(2)}: edge of ${field.id || field.name}`);
}
if (document.documentElement.scrollWidth > innerWidth) {
  complaints.add(`${document.documentElement.scrollWidth} pixels wide, of ${innerWidth}`);
}
return [...complaints];

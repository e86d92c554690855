// Draws the book's ```mermaid blocks, in the colours of its theme. On GitHub they are drawn without this.
(() => {
  const blocks = [...document.querySelectorAll("code.language-mermaid")];
  if (blocks.length === 0) return;
  const script = document.createElement("script");
  script.src = `${path_to_root}mermaid.min.js`;
  script.onload = () => {
    for (const block of blocks) {
      const drawing = document.createElement("pre");
      drawing.className = "mermaid";
      drawing.textContent = block.textContent;
      block.parentElement.replaceWith(drawing);
    }
    const dark = ["coal", "navy", "ayu"].some((theme) => document.documentElement.classList.contains(theme));
    mermaid.initialize({ startOnLoad: false, theme: dark ? "dark" : "default" });
    mermaid.run();
  };
  document.head.append(script);
})();

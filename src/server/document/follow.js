const tell = (query) => {
  if (parent != window) parent.postMessage({ queryString: query.slice(1), hash: "" }, "{SPACES}");
};
for (const link of document.querySelectorAll("link[rel=canonical]")) tell(new URL(link.href).search);

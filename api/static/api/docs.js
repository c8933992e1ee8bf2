"use strict";

// The description is shown, and can be tried with a token, without anything from elsewhere.
SwaggerUIBundle({
  url: document.getElementById("description").dataset.url,
  dom_id: "#description",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  docExpansion: "none",
  filter: true,
  validatorUrl: null,
});

// The desk's script: server-rendered pages, made lively by htmx; islands load themselves where needed.
import "htmx.org";

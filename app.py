"""Stateline in a browser: `streamlit run app.py`. Lives here: the start; the page itself is drawn by `ui`."""

from ui import page

page.draw()

# The hosted page: not root, nothing to write. docs/deploying.md says how to run it.
FROM python:3.11-slim

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY .streamlit .streamlit
COPY app.py .
COPY engine engine
COPY ui ui
COPY sample_data sample_data
# The image comes without bytecode, and the server may write none: each start would compile a thousand modules.
RUN python -m compileall -q -x "/(test|tests|lib2to3)/" /usr/local/lib/python3.11 /app

USER 65533:65533
ENV STATELINE_HOSTED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
EXPOSE 8501
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://localhost:8501/_stcore/health', timeout=3)"]
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.headless=true"]

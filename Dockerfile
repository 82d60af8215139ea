# Front-end assets
FROM node:22-bookworm-slim AS assets
WORKDIR /srv/consortium
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

# The application: one image, three commands (web, worker, beat)
FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/consortium
COPY requirements.txt constraints.txt ./
RUN pip install -r requirements.txt
COPY . .
COPY --from=assets /srv/consortium/node_modules ./node_modules

ENV DEBUG=false LISTEN=0.0.0.0 PORT=8000 VAR_DIR=/var/lib/consortium STATIC_ROOT=/srv/consortium/static
# secrets made for this step stay in a folder that is thrown away with it
RUN DEMO=true VAR_DIR=/tmp/build DATABASE_URL=sqlite:////tmp/build/none.sqlite3 CELERY_BROKER_URL=memory:// \
        python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build node_modules \
    && useradd --system --uid 10001 --home-dir /var/lib/consortium --create-home consortium
USER consortium
VOLUME /var/lib/consortium
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://localhost:' + os.environ['PORT'] + '/healthz', timeout=4)"]
CMD ["gunicorn", "consortium.wsgi"]

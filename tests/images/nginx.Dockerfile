# Stands in for nginx:alpine where no registry is reached: the same files, ports and signals.
FROM ecslab-test-debian:bookworm
RUN useradd --system --no-create-home --shell /bin/false nginx \
 && rm -f /etc/nginx/sites-enabled/* \
 && sed -i 's/^user .*/user nginx;/' /etc/nginx/nginx.conf \
 && ln -sf /dev/stdout /var/log/nginx/access.log \
 && ln -sf /dev/stderr /var/log/nginx/error.log \
 && printf '%s\n' 'server {' '    listen 80;' '    server_name localhost;' \
    '    location / {' '        root /usr/share/nginx/html;' \
    '        index index.html index.htm;' '    }' '}' > /etc/nginx/conf.d/default.conf
EXPOSE 80
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]

# Stands in for php:7.3.4-fpm-alpine3.9 where no registry is reached (PHP itself is Debian's).
FROM ecslab-test-debian:bookworm
RUN ln -s /usr/sbin/php-fpm8.2 /usr/local/sbin/php-fpm \
 && rm -f /var/www/html/* \
 && printf '%s\n' '[global]' 'daemonize = no' 'error_log = /proc/self/fd/2' \
    'include = /etc/php/8.2/fpm/pool.d/*.conf' > /etc/php/8.2/fpm/php-fpm.conf \
 && printf '%s\n' '[www]' 'user = www-data' 'group = www-data' 'listen = 9000' \
    'pm = dynamic' 'pm.max_children = 5' 'pm.start_servers = 2' 'pm.min_spare_servers = 1' \
    'pm.max_spare_servers = 3' 'clear_env = no' 'catch_workers_output = yes' \
    'decorate_workers_output = no' 'access.log = /proc/self/fd/2' \
    > /etc/php/8.2/fpm/pool.d/www.conf
WORKDIR /var/www/html
EXPOSE 9000
STOPSIGNAL SIGQUIT
CMD ["php-fpm"]

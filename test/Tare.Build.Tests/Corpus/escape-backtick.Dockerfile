# escape=`
# check=skip=JSONArgsRecommended
FROM base
ENV DIR=C:\path\`$x
RUN echo one `
    && echo "back\slash" `
    && echo three
COPY README.md \dir\
CMD echo `$HOME

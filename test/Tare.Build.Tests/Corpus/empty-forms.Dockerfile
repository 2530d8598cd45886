FROM base
CMD []
ENTRYPOINT []
ENV X="" Y=''
LABEL z=""

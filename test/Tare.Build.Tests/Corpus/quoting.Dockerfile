FROM base
ENV a="it's" b='say "hi"' c="tab\tstays" d=back\\slash e="dollar \$ sign"
ENV f=mixed"quoted part"end g="" h=x\ y\ z
LABEL "key with space"="value" 'single'='q'
RUN echo 'single $a' "double $a" \$a > /out
COPY "README.md" /quoted-name

FROM base
LABEL description="größer – 한국어 🚀"
ENV GREETING=こんにちは
# Kommentar mit Umlauten: äöü
RUN echo "$GREETING, ${GREETING#こん}" > /grüße.txt
COPY <<日本.txt /dir/
本文 ${GREETING}
日本.txt

FROM base
ENV foo=/bar NAME=value.tar.gz EMPTY=
ENV a=${foo:-w} b=${none:-w} c=${EMPTY:-w} d=${EMPTY-w} e=${none-w}
ENV f=${foo:+w} g=${none:+w} h=${EMPTY+w} i=${foo:?must} j=${foo?must}
ENV k=${NAME%.gz} l=${NAME%%.*} m=${NAME#*.} n=${NAME##*.} o=${NAME/a/A} p=${NAME//a/A}
ENV q='$foo' r="$foo" s=\$foo t="\$foo" u="a b" v=a\ b
ENV legacy this is $foo "quoted"
WORKDIR ${foo}/${NAME%%.*}
RUN env | sort > /env.txt

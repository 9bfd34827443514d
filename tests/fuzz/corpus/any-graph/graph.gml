Creator "x"
graph
[
 directed 1
 node [ id 1 label "A &amp; &#252;" graphics [ x 1.5 ] ]
 node [ id 2 switch 1 ]
 edge [ source 1 target 2 weight 2.5 capacity 3 ]
]

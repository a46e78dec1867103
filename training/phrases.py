# ruff: noqa: E501, W291 (lists of words; wrapped lines would say no more)
"""The words that generated dialogues are made of: things, places, ways of asking, sentences of small talk.

Plain lists, no logic. `dialogues.py` draws from them; every list longer than a few entries is split by a hash of its entries, so that an eighth
of the phrasings and an eighth of the nouns never appear in training and measure it instead. Slots are written `{prompt}`, `{ref}`, …
"""

# fmt: off
NOUNS = """fox cat dog tiger lion bear rabbit owl parrot penguin whale shark octopus jellyfish turtle frog lizard dragon unicorn phoenix robot astronaut
knight wizard pirate ninja samurai princess queen king mermaid ghost skeleton zombie vampire witch fairy giant dwarf elf monk nun farmer fisherman chef dancer
violinist guitarist boxer cyclist runner child girl boy man woman couple family crowd grandmother grandfather baby lighthouse castle cottage cabin barn windmill temple pagoda
cathedral church mosque tower bridge skyscraper city village market street alley harbour pier beach island cliff mountain volcano glacier waterfall river lake pond forest
jungle desert meadow garden greenhouse vineyard orchard tree oak willow cactus bonsai flower rose tulip sunflower lotus mushroom fern car truck bus tram train locomotive
bicycle motorcycle scooter tractor boat sailboat ship submarine canoe airplane helicopter balloon rocket spaceship satellite planet moon comet galaxy nebula telescope
teapot cup mug bottle vase lamp lantern candle clock watch book library bookshelf typewriter camera radio piano violin guitar drum trumpet umbrella hat scarf boot sneaker
backpack suitcase chair armchair sofa table bed kitchen bathroom window door staircase fireplace pizza burger sandwich cake cupcake donut croissant pancake sushi ramen soup
salad apple pear lemon orange banana strawberry cherry pumpkin carrot tomato avocado pineapple coffee tea snowman scarecrow statue fountain carousel kite puppet teddy toy
horse cow pig sheep goat chicken duck swan goose flamingo peacock eagle raven crow hummingbird butterfly bee ladybug spider snail crab lobster goldfish seahorse dolphin
elephant giraffe zebra hippo rhino monkey gorilla panda koala kangaroo camel llama deer moose wolf squirrel hedgehog raccoon otter beaver mouse hamster logo icon poster map
face hand eye portrait landscape emoji sticker crystal diamond sword shield crown treasure key mirror balloonist gardener postman sailor surfer skateboarder scientist nurse
doctor teacher student clown magician detective cowboy viking gladiator mummy alien cyborg golem kraken griffin pegasus minotaur sphinx yeti""".split()

ADJECTIVES = """red blue green yellow orange purple pink black white golden silver turquoise tiny small big huge giant old young ancient modern broken rusty shiny glowing dark
bright sleepy happy sad angry lonely brave curious fluffy furry wooden stone glass metal paper ceramic transparent striped spotted round square cute scary cozy abandoned haunted
magical futuristic steampunk cyberpunk medieval vintage minimalist cartoon realistic chubby elegant mysterious frozen burning floating flying smiling crying one-eyed three-legged
upside-down tired grumpy wet dusty snowy misty neon pastel emerald crimson ivory scruffy fat skinny tall muscular wise evil friendly""".split()

PLACES = """in the snow|in the rain|on the beach|at sunset|at night|at dawn|under the stars|in a forest|in the desert
|on a mountain top|by the sea|by a lake|in space|on the moon|on mars|under water|in a field of flowers
|in a city street|in tokyo|in paris|in front of a castle|next to a lighthouse|on a wooden table|on a windowsill
|in a cozy room|in a library|at a market|in a kitchen|in a bathtub|on a rooftop|in a storm|in the fog|in autumn
|in winter|during a thunderstorm|in a garden|in the middle of nowhere|on a blue background|on a white background
|against a red sky|surrounded by candles|between two trees|above the clouds|behind a fence|left of a tree
|to the right of a small house|on top of a pile of books|inside a snow globe|in a jar|at a bus stop
|in an old train station|on a swing|at the bottom of the ocean|in ancient rome|in a neon alley|near a waterfall
|under a bridge|in a cornfield|with a full moon behind it|in the evening light|at golden hour|on christmas eve
|in a crowded cafe|over the rooftops|along the river|down by the docks""".replace("\n", "").split("|")

DOING = """sleeping|dancing|reading a book|playing chess|playing the violin|drinking coffee|eating spaghetti
|riding a bicycle|riding a horse|driving a tractor|wearing a top hat|wearing sunglasses|holding an umbrella
|holding a red balloon|carrying a lantern|looking at the moon|looking out of the window|climbing a tree
|jumping over a fence|swimming|flying|surfing a big wave|fighting a dragon|baking bread|painting a picture
|singing|laughing|crying|waiting for the bus|walking a dog|chasing a butterfly|building a sandcastle
|repairing a clock|taking a selfie|floating in a bubble|sitting on a bench|standing on one leg|hiding in a box
|juggling oranges|selling flowers|having tea|on fire|made of glass|made of lego|made entirely of cheese
|with huge wings|with blue eyes|with a crown|with a long beard|full of stars|covered in moss|covered in ivy
|wrapped in a blanket|smoking a pipe|blowing bubbles""".replace("\n", "").split("|")

MEDIA = """an oil painting of|a watercolour of|a pencil sketch of|a photo of|a photograph of|a portrait of|a close-up of
|a cartoon of|pixel art of|an aerial view of|a logo with|a poster of|a stamp with|an icon of
|a low poly render of|a macro shot of|a silhouette of|a woodcut of|a stained glass window showing
|a children's book illustration of|concept art of|a blueprint of|a side view of|a sticker of|an old map of
|a comic panel of|a clay figure of|a charcoal drawing of|a map of|a collage of|a postcard from
|a movie poster for|a book cover about|a birthday card with""".replace("\n", "").split("|")

TAGS = """golden hour|highly detailed|soft light|volumetric light|8k|bokeh|cinematic|sharp focus|muted colours
|pastel palette|dramatic lighting|studio lighting|wide angle|85mm|film grain|minimalist|vivid colors|isometric
|long shadows|misty|backlit|symmetrical|trending|flat colours|thick outlines|high contrast|warm tones|cold light
|moody|dreamy|shallow depth of field|centered""".replace("\n", "").split("|")

STYLES = """watercolour|watercolor|oil paint|pixel art|pencil sketch|charcoal|ukiyo-e|art nouveau|art deco|impressionist
|cubist|pop art|anime|comic book|claymation|origami|low poly|vaporwave|synthwave|gothic|baroque|bauhaus
|minimalist|photorealistic|film noir|stained glass|mosaic|woodcut|linocut|crayon|chalk|graffiti|stencil
|embroidery|papercut|cartoon|surrealist|expressionist|retro poster|line art|van gogh|monet|hokusai|studio ghibli
|japanese ink|soviet poster|children's book|3d render|isometric|blueprint|polaroid|sepia|tarot card|risograph""".replace("\n", "").split("|")

ABSTRACT = """loneliness|the feeling of summer|my grandmother's kitchen|hope|time passing|what the wind sounds like
|the last day of school|jealousy|silence after snow|home|the smell of rain|chaos and order|monday morning
|a dream within a dream|infinity|the colour of music|friendship|the end of the world|old age|nostalgia|spring
|a memory of the sea|anger|the number seven""".replace("\n", "").split("|")

SCENERY = """waves crash on the rocks below|gulls circle in the sky|the sky is full of dark clouds
|a thin moon hangs over the hills|smoke rises from the chimney|children play in the street
|the windows glow warm and yellow|long shadows fall across the grass|in the background there is a row of poplars
|rain runs down the glass|far away a train crosses a bridge|fallen leaves cover the path
|lanterns hang from every branch|a cat watches from the wall|the water is perfectly still
|two old men play cards at a table|soft orange light from the left|everything is covered in frost
|fireflies drift between the trees|a red kite is caught in the branches|the road leads to a distant castle
|steam curls up from a cup of tea|dust dances in the sunbeam|her hair is braided with flowers
|his coat is patched and too big|snow is falling softly|the colours are muted blues and greys
|it feels calm and a little sad|a single boat is tied to the pier|neon signs reflect in the puddles
|mountains rise behind the town|birds sit on the wires|there is a half eaten apple on the table
|the curtains move in the wind|an open book lies on the floor|ivy climbs over the door""".replace("\n", "").split("|")

NEGATIVES = """people|text|a watermark|watermarks|cars|any text|clouds|trees|animals|buildings|blur|noise|borders|a frame
|letters|words|logos|humans|faces|extra fingers|hands|snow|shadows|blood|weapons|a signature|signatures
|too many colours|red|background clutter|any people|a hat|glasses|birds|grass|furniture""".replace("\n", "").split("|")

PRESETS = """flux|flux-klein|flux.2-klein-4b|sdxl|sdxl-lightning|z-image-turbo|z-image|qwen-image|embedded|turbo|klein
|lightning|sd-turbo|playground|big|fast""".replace("\n", "").split("|")

# ------------------------------------------------------------------------------------------------------------- asking for a picture
DRAW = """draw {prompt}|draw me {prompt}|draw {prompt}|paint {prompt}|paint me {prompt}|i want {prompt}
|i want a picture of {prompt}|i'd like {prompt}|i would like a picture of {prompt}|can you draw {prompt}
|could you draw {prompt}|could you draw me {prompt}|can you make {prompt}|make {prompt}|make me {prompt}
|make a picture of {prompt}|make an image of {prompt}|create {prompt}|create an image of {prompt}
|generate {prompt}|generate an image of {prompt}|generate a picture showing {prompt}|show me {prompt}
|show me what {prompt} looks like|{prompt}|{prompt}|{prompt}|picture of {prompt}|a picture of {prompt}
|an image of {prompt}|image: {prompt}|sketch {prompt}|design {prompt}|render {prompt}|illustrate {prompt}
|give me {prompt}|give me a picture of {prompt}|let's see {prompt}|let's have {prompt}|let's do {prompt}
|how about {prompt}|what about {prompt}|what would {prompt} look like|i need {prompt}
|i need an image of {prompt}|i need {prompt} for my blog|i need a drawing of {prompt} for a birthday card
|would you paint {prompt}|would you mind drawing {prompt}|would it be possible to get {prompt}
|is it possible to draw {prompt}|imagine {prompt}|please draw {prompt}|please create {prompt}
|please make me a picture of {prompt}|now draw {prompt}|now {prompt}|next: {prompt}|next, {prompt}
|next one: {prompt}|then draw {prompt}|a drawing of {prompt}|a new picture: {prompt}|new picture, {prompt}
|new one: {prompt}|new image of {prompt}|do {prompt}|do me {prompt}|can i get {prompt}|can i have {prompt}
|could i see {prompt}|may i have a picture of {prompt}|my daughter wants {prompt}|my son asked for {prompt}
|it's for my wife: {prompt}|for my homework i need {prompt}|i'm thinking of {prompt}
|i was thinking about {prompt}|something like {prompt}|maybe {prompt}|try {prompt}|try drawing {prompt}
|start with {prompt}|first draw {prompt}|begin with a picture of {prompt}|put together a picture of {prompt}
|come up with {prompt}|whip up {prompt}|produce an illustration of {prompt}|whats {prompt} look like
|i wanna see {prompt}|gimme {prompt}|gimme a pic of {prompt}|draw pls: {prompt}|a pic of {prompt}
|pic of {prompt}|make pic {prompt}|hit me with {prompt}|we need {prompt}|we'd love {prompt}
|i feel like {prompt} today|surprise me with {prompt}|visualize {prompt}|visualise {prompt} for me
|depict {prompt}|draw a scene with {prompt}|draw a scene: {prompt}|here is what i want: {prompt}
|prompt: {prompt}|/draw {prompt}|i'd love to see {prompt}|love to get {prompt}|can u do {prompt}
|u can draw {prompt}?|let me see {prompt}|let us try {prompt}|draw something like {prompt}|draw a quick {prompt}
|could we have {prompt}|could we try {prompt}|in this one i want {prompt}|i want to see {prompt}
|make it a picture of {prompt}|start over with {prompt}|forget that, draw {prompt}|actually, {prompt}
|no, i meant {prompt}|no, {prompt} instead|instead draw {prompt}|scrap that and draw {prompt}
|different idea: {prompt}|something else: {prompt}|how hard is it to draw {prompt}
|are you able to paint {prompt}|could you come up with an image of {prompt}
|the next picture should show {prompt}|it should show {prompt}|the picture shows {prompt}|this time {prompt}
|this time draw {prompt}|and now {prompt}|and also draw {prompt}|also {prompt}|bring me {prompt}|get me {prompt}
|whip me up {prompt}|compose {prompt}|craft an image of {prompt}""".replace("\n", "").split("|")

DRAW += """i was hoping you'd draw {prompt}|would love it if you painted {prompt}|do you think you could draw {prompt}|any chance of {prompt}|create: {prompt}|image idea: {prompt}|completely different now: {prompt}
|for a post about gardening i need this: {prompt}|i need a header for an article on travel: {prompt}|idea: {prompt}|my idea is {prompt}|a request: {prompt}|here's one: {prompt}|please paint the following: {prompt}|the scene: {prompt}
|i have this in mind: {prompt}|this is the scene: {prompt}|we are doing a school play, i need {prompt}|could you perhaps draw {prompt}|maybe you could sketch {prompt}|i wonder what {prompt} would look like|it'd be cool to have {prompt}
|think of {prompt}|let me have {prompt}|ok new one, {prompt}|change of plan, {prompt}|moving on: {prompt}|one with {prompt}""".replace("\n", "").split("|")
DRAW_SHAPED = {
    "wide": "a desktop background of {prompt}|a banner showing {prompt}|a panorama of {prompt}|a wide view of {prompt}|a website header with {prompt}|a cover photo of {prompt}|a widescreen picture of {prompt}|make a wide banner of {prompt}".split("|"),
    "tall": "a lock screen with {prompt}|a bookmark showing {prompt}|a tall poster of {prompt}|a phone background of {prompt}|an instagram story with {prompt}|a vertical poster with {prompt}|a phone wallpaper of {prompt}".split("|"),
    "square": "an avatar of {prompt}|a square tile with {prompt}|a profile picture of {prompt}|a square app icon with {prompt}".split("|"),
}
DRAW_COUNT = """draw {count} pictures of {prompt}|{count} pictures of {prompt}|give me {count} versions of {prompt}
|make {count} images of {prompt}|{count} versions of {prompt}|{count} takes on {prompt}
|show me {count} options for {prompt}|draw {prompt}, {count} times|draw {prompt} {count} times
|{prompt}, {count} of them|{prompt} x{count}|{prompt}, {count} versions please
|generate {count} variants of {prompt}|i want {count} different pictures of {prompt}
|i need {count} images of {prompt}|can you make {count} drawings of {prompt}|paint {prompt}, {count} versions
|{prompt}. {count} options please|create {count} alternatives for {prompt}|{count} pics of {prompt}
|could i get {count} pictures of {prompt}|let me choose from {count}: {prompt}|try {prompt} in {count} versions
|{count} different ones of {prompt}|make me {count} of {prompt}|{count}x {prompt}|{prompt}, give me {count}
|{prompt}; {count} pictures|a set of {count} images of {prompt}|draw {count} different images: {prompt}
|do {count} attempts at {prompt}""".replace("\n", "").split("|")

DRAW_ASPECT = """draw a {aspect} picture of {prompt}|a {aspect} picture of {prompt}|a {aspect} image of {prompt}
|make a {aspect} image of {prompt}|paint {prompt} in {aspect} format|{prompt}, {aspect}|{prompt} ({aspect})
|{prompt}, {aspect} format|draw {prompt}, {aspect} please|i want {prompt}, {aspect}|{aspect}: {prompt}
|generate a {aspect} picture showing {prompt}|{prompt} in {aspect} orientation
|give me {prompt}, make it {aspect}|create {prompt} - {aspect}|draw {prompt}. it should be {aspect}
|{prompt}. {aspect} please|i need a {aspect} illustration of {prompt}|show me {prompt} in a {aspect} frame
|make {prompt}, {aspect} picture""".replace("\n", "").split("|")
ASPECTS = {
    "wide": """wide|landscape|horizontal|16:9|widescreen|panoramic|panorama|broad|3:2|very wide|landscape-format|21:9
|desktop-size""".replace("\n", "").split("|"),
    "tall": """tall|portrait|vertical|9:16|upright|2:3|high|phone-size|portrait-format|very tall|3:4 vertical""".replace("\n", "").split("|"),
    "square": "square|1:1|squared|square-format".split("|"),
}
ASPECT_TAILS = {
    "wide": """as a desktop wallpaper|as a banner|for my website header|in landscape format|in 16:9|as a wide image
|in wide format|for a youtube thumbnail|wide format|landscape orientation|as a panorama
|for my desktop background|as a cover image for facebook|16:9""".replace("\n", "").split("|"),
    "tall": """as a phone wallpaper|as a bookmark|for my phone|in portrait format|in 9:16|for an instagram story
|as a tall poster|in tall format|portrait orientation|as a lock screen|as a vertical image|for my lockscreen
|9:16|as a poster, upright""".replace("\n", "").split("|"),
    "square": """as an avatar|as a profile picture|in square format|as an album cover|for instagram, square|square format
|as an app icon, square|1:1|as a square""".replace("\n", "").split("|"),
}
NEGATIVE_TAILS = """without {negative}|, without {negative}|, no {negative}|, but no {negative}|, and no {negative}
|but without {negative}|and please no {negative}|. no {negative}|. avoid {negative}|, avoid {negative}
|, don't include {negative}|. there should be no {negative}|. leave out {negative}|, minus {negative}
|(no {negative})|. don't draw {negative}|, i don't want {negative}|, i dont want {negative} in it
|. please without {negative}|, free of {negative}|; negative: {negative}|. negative prompt: {negative}
|, skip {negative}|. not {negative}|- no {negative}""".replace("\n", "").split("|")
SEED_TAILS = """, seed {seed}|with seed {seed}|using seed {seed}|(seed {seed})|. use seed {seed}|seed={seed}|, seed: {seed}
|and use the seed {seed}|. seed number {seed}|, with the seed {seed}|. the seed is {seed}
|, same seed as before: {seed}|; seed {seed}""".replace("\n", "").split("|")
STYLE_TAILS = """in {style} style|, {style} style|in the style of {style}|as {style}|, style: {style}|, in a {style} style
|in {style}|, done in {style}|. style {style}|. i want it in {style} style|, painted in the style of {style}
|, {style} look|in a {style} look""".replace("\n", "").split("|")
SIZE_TAILS = """, {size}|at {size}|in {size}|({size})|, size {size}|, {size} pixels|, {size} please|with a size of {size}
|. make it {size}|sized {size}|. size: {size}|, {size} px|as a {size} image|. it must be {size}
|at {size} resolution""".replace("\n", "").split("|")
PRESET_TAILS = """with the {preset} preset|using the {preset} preset|, preset {preset}|with {preset}|using {preset}|. use {preset}
|on {preset}|, use the {preset} model|with the model {preset}|via {preset}|(preset: {preset})""".replace("\n", "").split("|")

# ------------------------------------------------------------------------------------------------------------------------- changing
ADDED = """a hat|a red scarf|sunglasses|a rainbow|a full moon|stars|clouds|snow|rain|a boat|a second cat|a tree on the left
|birds in the sky|flowers|a crown|wings|fireworks|a sunset|fog|a signpost|butterflies|a small dog|a lantern
|mountains in the background|a spaceship|a beard|a moustache|smoke|fire|a river|balloons|a cup of coffee
|a castle far away|candles|a reflection|puddles|a shadow|footprints|a window|a bow tie|headphones|a party hat""".replace("\n", "").split("|")
REMOVED = """the tree|the person on the left|the background|the text|the hat|the clouds|the car|the people|the moon|the fence
|the sign|the watermark|the building|the shadow|the second one on the right|the dog|that ugly lamp|the frame
|the logo|the bird""".replace("\n", "").split("|")
INTO = """night|day|winter|summer|autumn|spring|sunset|a rainy day|snowy|stormy|foggy|more colourful|more realistic
|more dramatic|warmer|colder|older|younger|scarier|cuter|happier|sadder|angry|blue|red|green|purple|golden|glow
|look like winter|look like a painting|look old|look like it's raining|underwater|on mars|steampunk|a cartoon
|pixel art|a watercolour|an oil painting|a pencil drawing|more detailed|less busy|fluffier|wear a hat
|hold a balloon|smile|look to the left|sleepy|rainy|dusk|dawn|a bit more mysterious|minimalist|dreamier
|cyberpunk|christmas themed|festive|spooky|medieval|futuristic|shiny|transparent|face the other way""".replace("\n", "").split("|")
TURN_INTO = """a dragon|a robot|a watercolour|a pencil sketch|a winter scene|a night scene|a cartoon|an oil painting|a wolf
|gold|stone|a cyberpunk city|pixel art|a zombie|a lego figure|a stained glass window|a comic|a pirate|a statue
|origami""".replace("\n", "").split("|")
PARTS = """the sky|the background|the eyes|the water|the grass|the hat|the walls|the car|the fur|the hair|the roof
|the light|the sea|the trees|the ground|the face|the flowers|the shirt|its tail|the door|the moon|the wings""".replace("\n", "").split("|")
TO = """purple|a beach|green|a starry night|bright red|gold|a forest|pink|stormy|something darker|black|blue|glowing
|a plain white wall|a city at night|autumn colours|lava|silver|made of glass|a sunset|turquoise|full of stars""".replace("\n", "").split("|")

# instruction templates: {i:...} is kept as the instruction; {ref} names the picture (and is left out).
EDIT_IT = """make {it} {into}|make {it} {into}|make {it} {into}|make {it} look {into}|turn {it} into {turned}
|change {it} to {turned}|put {added} on {it}|put {added} in {it}|give {it} {added}|transform {it} into {turned}
|make {it} a bit {into}|make {it} much more {into}|convert {it} to {turned}|redraw {it} as {turned}
|repaint {it} as {turned}|get {added} into {it}|get {it} to {into}""".replace("\n", "").split("|")
EDIT_WHOLE = """add {added}|add {added}|add {added} and {added2}|remove {removed}|remove {removed}|take away {removed}
|get rid of {removed}|delete {removed}|erase {removed}|change {part} to {to}|make {part} {to}|make {part} {to}
|paint {part} {to}|turn {part} {to}|replace {removed} with {added}|replace {part} with {added}
|swap {removed} for {added}|put {added} next to {removed}|put in {added}|draw {added} behind {removed}
|colour {part} {to}|color {part} {to}|set {part} on fire|insert {added}|hide {removed}
|give {part} a {adjective} touch|place {added} in the corner|more {adjective} light on {part}
|less light on {part}|fix {part}|fill {part} with {added}|add {added}, remove {removed}
|add {added} and make {part} {to}|change the season to winter|change the time of day to evening
|change the weather to rain|change the mood to something more {adjective}|add some {adjective} {noun}
|add a {noun}|add a {adjective} {noun}|add a {noun} {place}|remove the {noun}|remove the {adjective} {noun}
|replace the {noun} with a {noun2}|make the {noun} {adjective}|make the {noun} {into}
|turn the {noun} into a {noun2}|put a {noun} {place}|change the {noun} to a {noun2}|give the {noun} {added}
|the {noun} should be {adjective}|the {part2} should be {to}|swap the {noun} for a {noun2}
|paint the {noun} {adjective}""".replace("\n", "").split("|")
EDIT_SUBJECT = """put {added} on the {subject}|give the {subject} {added}|make the {subject} {adjective}
|make the {subject} wear {added}|turn the {subject} into {turned}|let the {subject} hold {added}
|add {added} next to the {subject}|can the {subject} have {added}|can the {subject} be {adjective}
|the {subject} should be {adjective}|the {subject} should have {added}|paint the {subject} {to}
|i want the {subject} {adjective}|make the {subject} {into}|what if the {subject} had {added}
|put {added} behind the {subject}|add {added} to the {subject}|place the {subject} {place}
|move the {subject} to the left|the {subject} needs {added}|make the {subject} look {adjective}
|could the {subject} be {doing}|let the {subject} be {doing}|have the {subject} {doing}
|what if the {subject} were {adjective}|surround the {subject} with {added}|draw {added} on the {subject}
|dress the {subject} in {added}|replace the {subject} with {turned}|swap the {subject} for {added}
|the {subject} in {to} please|remove everything but the {subject}""".replace("\n", "").split("|")
EDIT_CAN = """can {it} be {into}|could {it} be {into}|i want {it} {into}|i'd like {it} {into}|{it} should be {into}
|{it} should look {into}|{it} would be nicer {into}|what if {it} were {into}|can {it} have {added}
|{it} could use {added}|{it} needs {added}|{it} has to be {into}|i would prefer {it} {into}""".replace("\n", "").split("|")
EDIT_NOUNS = """a stormy sky|{added}|a {adjective} sky|{adjective} {noun}s in the background|a {noun} in the corner|more snow
|more light|less clutter|night instead of day|a different background|a {adjective} background|softer light
|thicker lines|brighter colours of the {noun}""".replace("\n", "").split("|")
# where the picture is named around an instruction
EDIT_AT = """{instruction} in {ref}|{instruction} to {ref}|in {ref}, {instruction}|on {ref} {instruction}
|for {ref}: {instruction}|{ref}: {instruction}|take {ref} and {instruction}|edit {ref}: {instruction}
|{instruction} on {ref}|please {instruction} in {ref}|could you {instruction} in {ref}
|i want you to {instruction} in {ref}|with {ref}, {instruction}|can you take {ref} and {instruction}
|change {ref}: {instruction}|use {ref} and {instruction}|let's take {ref}, {instruction}|{ref}, {instruction}
|go back to {ref} and {instruction}|back to {ref}, {instruction}|now {instruction} in {ref}
|in {ref} please {instruction}|could you edit {ref} and {instruction}|go with {ref} but {instruction}
|i like {ref} but {instruction}|i like {ref}. {instruction}""".replace("\n", "").split("|")
EDIT_HERE = """{instruction}|{instruction}|{instruction}|please {instruction}|can you {instruction}|could you {instruction}
|now {instruction}|and {instruction}|i want you to {instruction}|then {instruction}|nice, but {instruction}
|great, now {instruction}|not bad, {instruction}|ok but {instruction}|would you {instruction}
|i'd like you to {instruction}|let's {instruction}|maybe {instruction}|hmm, {instruction}|almost. {instruction}
|good start, {instruction}|also {instruction}|can u {instruction}|just {instruction}|next, {instruction}
|is it possible to {instruction}|it would be better to {instruction}|good, {instruction} now
|try to {instruction}|lovely! {instruction}|what if you {instruction}|what happens if you {instruction}""".replace("\n", "").split("|")
EDIT_NOUN_AT = """{instruction} on {ref}|{instruction} in {ref}|{instruction} for {ref}|{ref} with {instruction}
|{ref} but with {instruction}|i want {instruction} in {ref}|{ref} needs {instruction}
|{ref} should have {instruction}|could {ref} have {instruction}|can {ref} get {instruction}
|give {ref} {instruction}|can i have {ref} with {instruction}|{ref}, but with {instruction}
|how would {ref} look with {instruction}|show me {ref} with {instruction}""".replace("\n", "").split("|")
EDIT_BUT = """{ref}, but {instruction}|{ref} but {instruction}|{ref} again, but {instruction}|can i see {ref} {instruction}
|how would {ref} look {instruction}|i'd like {ref} {instruction}|show me {ref} {instruction}""".replace("\n", "").split("|")
BUT = """at night|in winter|in the rain|with snow|at sunset|as a watercolour|as pixel art|from above|with more light
|in black ink|in autumn|with a hat|in a forest|underwater|in space|happier|older|in blue
|with a different background|as a cartoon|with fewer trees|in the style of van gogh|at dawn|without the {noun}
|with a {noun}|{place}""".replace("\n", "").split("|")
REGION_TAILS = """, only in {region}|, but only {region}|, just {region}|only {region}|; region: {region}|, only change {region}
|, limited to {region}|but only in {region}|. only touch {region}""".replace("\n", "").split("|")
REGIONS = """the top left corner|the left half|the right side|the lower half|the middle|the top|the bottom right|the centre
|the upper half|the bottom|the left side|the right half|the top right|the bottom left corner|the top half
|the center|the left|the right""".replace("\n", "").split("|")
STRENGTHS = {
    "0.3": """subtle|but subtle|subtly|just a little|slightly|very gently|but keep it subtle|only a hint|a touch""".replace("\n", "").split("|"),
    "0.8": """strong|strongly|a lot|make it a strong change|heavily|dramatically|really go for it|big change""".replace("\n", "").split("|"),
}
STRENGTH_NUMBER = ", strength {n}|with strength {n}|(strength {n})|, at strength {n}|. strength: {n}".split("|")

UPSCALE = """upscale {ref}|upscale {ref}|upscale {ref} please|make {ref} larger|make {ref} bigger|enlarge {ref}|blow {ref} up
|blow up {ref}|can you upscale {ref}|could you enlarge {ref}|i want {ref} in higher resolution|{ref} in high res
|{ref} in hd|higher resolution for {ref}|increase the resolution of {ref}|increase the size of {ref}
|make {ref} high resolution|scale {ref} up|scale up {ref}|superres {ref}|super-resolution on {ref}
|i need {ref} bigger|i need a larger version of {ref}|give me a bigger version of {ref}|{ref} larger please
|{ref} bigger|print size for {ref}|make {ref} print quality|i want to print {ref}, make it bigger
|{ref} is too small, enlarge it|upres {ref}|upsize {ref}|upscale {ref} for printing
|can i get {ref} in a higher resolution|could you make {ref} larger|get me {ref} in better resolution
|more pixels for {ref}|hd version of {ref}|take {ref} and upscale it|please enlarge {ref}
|increase resolution on {ref}|let's upscale {ref}|now upscale {ref}|now make {ref} larger|and upscale {ref}
|upscale {ref} to the max|zoom {ref} up to a bigger size|make a large version of {ref}
|can you make {ref} bigger for a poster|i'd like {ref} upscaled|{ref} upscaled please|run the upscaler on {ref}
|improve the resolution of {ref}|sharpen up {ref} to a bigger size|can u upscale {ref}|{ref}: upscale
|enlarge {ref} for me|enlarge {ref} so i can print it""".replace("\n", "").split("|")
UPSCALE_SCALE = """upscale {ref} {scale}|upscale {ref} by {scale}|make {ref} {scale} larger|make {ref} {scale} bigger
|enlarge {ref} {scale}|{ref} {scale} larger|{ref} {scale} as big|scale {ref} up {scale}|blow {ref} up {scale}
|make {ref} {scale} the size|{scale} upscale of {ref}|upscale {ref}, {scale}|enlarge {ref} by {scale}
|i want {ref} {scale} bigger|{ref} at {scale} the resolution|{scale} larger please, {ref}|increase {ref} {scale}""".replace("\n", "").split("|")
SCALES = {"2": """2x|two times|twice|x2|2 times|double|a factor of 2|a factor of two|200%""".replace("\n", "").split("|"), "4": "4x|four times|x4|4 times|a factor of 4|a factor of four|400%|quadruple".split("|")}

UPSCALE_HERE = """upscale|upscale please|enlarge|larger|larger please|in high resolution|higher resolution please|hd please
|make bigger|i need more pixels|upscaling please|now upscale|and now larger|go bigger|increase the resolution
|a bigger version please|can you upscale|could i get a larger version|upscale that for me|too small
|print size please|high res version please""".replace("\n", "").split("|")
VARY = """vary {ref}|variations of {ref}|a variation of {ref}|make a variation of {ref}|give me a variation of {ref}
|show me variations on {ref}|more like {ref}|something similar to {ref}|similar to {ref}
|try a variation of {ref}|another version of {ref}|a different version of {ref}|one more like {ref}
|create an alternative to {ref}|make something like {ref}|can you vary {ref}|could you do another take on {ref}
|i'd like to see {ref} slightly different|alternatives for {ref}|riff on {ref}|remix {ref}
|a different take on {ref}|i like {ref}, show me more like it|i like {ref}, more like that
|more in the vein of {ref}|other versions of {ref}|variants of {ref}|{ref} but a bit different
|{ref} with small changes|change {ref} up a little|mix {ref} up a bit|reimagine {ref}|do variations on {ref}
|what else could {ref} look like|shake {ref} up a bit|can i see other takes on {ref}|some more like {ref}""".replace("\n", "").split("|")
VARY_COUNT = """{count} variations of {ref}|make {count} variations of {ref}|give me {count} variations of {ref}
|show me {count} variants of {ref}|{count} more like {ref}|vary {ref} {count} times|{count} versions of {ref}
|{count} other versions of {ref}|create {count} alternatives to {ref}|i want {count} variations on {ref}
|{count} different takes on {ref}|can you make {count} variations of {ref}|{count} more of {ref}
|i like {ref}, give me {count} more like it|vary {ref}, {count} of them|do {count} variations on {ref}
|{ref}: {count} variations|{count} remixes of {ref}|{count} similar ones to {ref}
|could i see {count} alternatives for {ref}""".replace("\n", "").split("|")

ADJUST = {
    ("rotate", "90"): """rotate {ref}|rotate {ref} 90 degrees|rotate {ref} by 90|turn {ref} 90 degrees|rotate {ref} clockwise
|rotate {ref} to the right|turn {ref} on its side|rotate {ref} a quarter turn|turn {ref} clockwise
|quarter turn for {ref}|turn {ref} sideways""".replace("\n", "").split("|"),
    ("rotate", "-90"): """rotate {ref} counterclockwise|rotate {ref} to the left|rotate {ref} 90 degrees left|rotate {ref} anticlockwise
|turn {ref} 90 degrees counterclockwise|turn {ref} left|rotate {ref} by -90|spin {ref} a quarter to the left""".replace("\n", "").split("|"),
    ("rotate", "180"): """rotate {ref} 180|turn {ref} upside down|rotate {ref} by 180 degrees|rotate {ref} half a turn
|put {ref} upside down|stand {ref} on its head|{ref} upside down please|half turn for {ref}""".replace("\n", "").split("|"),
    ("flip", "horizontal"): """flip {ref}|mirror {ref}|flip {ref} horizontally|mirror {ref} left to right|flip {ref} left-right
|make {ref} a mirror image|reverse {ref} left and right|swap left and right in {ref}|horizontal flip of {ref}
|mirror {ref} please""".replace("\n", "").split("|"),
    ("flip", "vertical"): """flip {ref} vertically|flip {ref} upside-down|mirror {ref} vertically|flip {ref} top to bottom
|vertical flip of {ref}|mirror {ref} top to bottom|flip {ref} over vertically""".replace("\n", "").split("|"),
    ("brightness", "+20"): """make {ref} brighter|brighten {ref}|brighten {ref} a bit|make {ref} a bit brighter|a little brighter for {ref}
|{ref} is too dark|{ref} is a bit dark, brighten it|lighten {ref}|make {ref} lighter|more brightness on {ref}
|increase the brightness of {ref}|turn up the brightness of {ref}|lighten up {ref} a little
|{ref} brighter please""".replace("\n", "").split("|"),
    ("brightness", "+40"): """make {ref} much brighter|brighten {ref} a lot|{ref} is way too dark|make {ref} a lot brighter
|much lighter, {ref}|far more brightness on {ref}""".replace("\n", "").split("|"),
    ("brightness", "-20"): """make {ref} darker|darken {ref}|darken {ref} a bit|make {ref} a bit darker|{ref} is too bright|dim {ref}
|lower the brightness of {ref}|reduce the brightness of {ref}|a little darker for {ref}
|tone {ref} down, it is too bright|less brightness on {ref}|{ref} darker please""".replace("\n", "").split("|"),
    ("brightness", "-40"): """make {ref} much darker|darken {ref} a lot|{ref} is way too bright|make {ref} a lot darker
|far less brightness on {ref}""".replace("\n", "").split("|"),
    ("contrast", "+20"): """more contrast on {ref}|increase the contrast of {ref}|add contrast to {ref}|boost the contrast in {ref}
|give {ref} more contrast|{ref} looks flat, more contrast|{ref} needs more contrast|up the contrast of {ref}
|raise the contrast in {ref}|punchier contrast for {ref}""".replace("\n", "").split("|"),
    ("contrast", "-20"): """less contrast on {ref}|reduce the contrast of {ref}|lower the contrast in {ref}|soften the contrast of {ref}
|{ref} has too much contrast|give {ref} less contrast""".replace("\n", "").split("|"),
    ("saturation", "+20"): """more saturation on {ref}|saturate {ref}|make the colours of {ref} more vivid|boost the colours in {ref}
|make {ref} more vivid|increase the saturation of {ref}|more vibrant colors for {ref}
|make the colors pop in {ref}|{ref} looks pale, more saturation|more vibrant, {ref}""".replace("\n", "").split("|"),
    ("saturation", "-20"): """less saturation on {ref}|desaturate {ref}|desaturate {ref} a bit|tone down the colours of {ref}
|mute the colours in {ref}|reduce the saturation of {ref}|{ref} is too colourful|lower saturation for {ref}
|less vivid colors in {ref}""".replace("\n", "").split("|"),
    ("sharpen", ""): """sharpen {ref}|make {ref} sharper|{ref} is a bit blurry, sharpen it|sharper {ref} please|sharpen {ref} up
|crisper edges on {ref}|make {ref} crisper|{ref} looks soft, sharpen it""".replace("\n", "").split("|"),
    ("blur", ""): """blur {ref}|make {ref} blurry|soften {ref} with a blur|blur {ref} a bit|apply a blur to {ref}
|gaussian blur on {ref}|make {ref} out of focus|add blur to {ref}|unsharpen {ref}""".replace("\n", "").split("|"),
    ("greyscale", ""): """make {ref} black and white|{ref} in black and white|convert {ref} to greyscale|greyscale {ref}|grayscale {ref}
|turn {ref} black and white|make {ref} grayscale|make {ref} b&w|remove the colour from {ref}
|b/w version of {ref}|make {ref} monochrome|no colours in {ref}, just greys
|black and white version of {ref} please|drain the color out of {ref}""".replace("\n", "").split("|"),
    ("crop", "square"): """crop {ref} to a square|crop {ref} square|make {ref} square|cut {ref} to a square|square crop of {ref}
|trim {ref} to square""".replace("\n", "").split("|"),
    ("crop", "top half"): """crop {ref} to the top half|keep only the top half of {ref}|cut off the bottom half of {ref}
|just the upper half of {ref}|crop away the lower half of {ref}""".replace("\n", "").split("|"),
    ("crop", "bottom half"): """crop {ref} to the bottom half|keep only the lower half of {ref}|cut off the top half of {ref}
|just the bottom half of {ref}""".replace("\n", "").split("|"),
    ("crop", "left half"): """crop {ref} to the left half|keep the left half of {ref}|cut off the right half of {ref}
|just the left half of {ref}|cut away the right side of {ref}""".replace("\n", "").split("|"),
    ("crop", "right half"): """crop {ref} to the right half|keep the right half of {ref}|cut off the left half of {ref}
|just the right side of {ref}|cut away the left half of {ref}""".replace("\n", "").split("|"),
    ("crop", "centre"): """crop {ref} to the centre|crop {ref} to the middle|crop {ref}|zoom in on the middle of {ref}
|keep the center of {ref}|trim the edges of {ref}|crop the borders off {ref}|crop in on {ref}""".replace("\n", "").split("|"),
    ("crop", "16:9"): """crop {ref} to 16:9|make {ref} 16:9|cut {ref} to widescreen|crop {ref} to widescreen""".replace("\n", "").split("|"),
    ("crop", "4:3"): "crop {ref} to 4:3|trim {ref} to 4:3|cut {ref} down to 4:3".split("|"),
    ("crop", "9:16"): "crop {ref} to 9:16|crop {ref} for my phone screen|cut {ref} to 9:16".split("|"),
    ("resize", "50%"): """resize {ref} to half|make {ref} half the size|shrink {ref} to half|shrink {ref}|scale {ref} down
|make {ref} smaller|half size for {ref}|resize {ref} to 50%|reduce {ref} to half its size|downsize {ref}
|scale {ref} to 50 percent""".replace("\n", "").split("|"),
    ("resize", "25%"): """resize {ref} to a quarter|shrink {ref} to 25%|make {ref} a quarter of the size|scale {ref} to 25 percent""".replace("\n", "").split("|"),
}
ADJUST_HERE = {
    ("rotate", "90"): "rotate|rotate 90|turn 90 degrees clockwise|quarter turn please|rotate right".split("|"),
    ("rotate", "-90"): "rotate left|turn left|90 degrees counterclockwise|rotate anticlockwise please".split("|"),
    ("rotate", "180"): "upside down|rotate 180|turn around 180 degrees|flip over 180".split("|"),
    ("flip", "horizontal"): """mirror|flip|mirror image please|flip left to right|horizontal flip|flip horizontally""".replace("\n", "").split("|"),
    ("flip", "vertical"): "flip vertically|vertical flip|mirror top to bottom".split("|"),
    ("brightness", "+20"): """brighter|brighter please|lighter|a bit brighter|a little lighter please|it's too dark|its a bit dark
|more brightness|lighten up|way too gloomy, brighten up""".replace("\n", "").split("|"),
    ("brightness", "-20"): """darker please|a bit darker|it's too bright|its too light|less bright|dim the lights a bit|a little darker please""".replace("\n", "").split("|"),
    ("contrast", "+20"): """more contrast|more contrast please|it looks flat|higher contrast|up the contrast|contrast up""".replace("\n", "").split("|"),
    ("contrast", "-20"): "less contrast|lower contrast please|contrast down|too much contrast".split("|"),
    ("saturation", "+20"): """more saturation|more vivid|more vivid colours|stronger colours please|make the colours pop
|colours look washed out""".replace("\n", "").split("|"),
    ("saturation", "-20"): """less saturation|softer colours|tone down the colours|too colourful|colours are too loud""".replace("\n", "").split("|"),
    ("sharpen", ""): "sharpen|sharper|sharper please|it's blurry|too soft, sharpen".split("|"),
    ("blur", ""): "blur|a bit of blur|blurrier please|soften a little|add some blur".split("|"),
    ("greyscale", ""): """black and white|black and white please|b&w|in black and white|greyscale|grayscale please|monochrome
|without colour|no colours, only greys""".replace("\n", "").split("|"),
    ("crop", "square"): "crop square|crop to a square|square crop please|cut to square".split("|"),
    ("crop", "centre"): "crop|crop to the middle|crop the edges|trim the borders".split("|"),
    ("crop", "top half"): "crop to the top half|keep only the upper half|cut off the lower part".split("|"),
    ("crop", "bottom half"): "crop to the bottom half|keep just the lower half|cut off the upper part".split("|"),
    ("resize", "50%"): "half size|half the size please|smaller|make smaller|shrink|scale down to half".split("|"),
}
ADJUST_NUMBER = {
    "rotate": """rotate {ref} {n} degrees|rotate {ref} by {n}|turn {ref} by {n} degrees|rotate {ref} by {n} degrees
|tilt {ref} {n} degrees""".replace("\n", "").split("|"),
    "brightness": """increase the brightness of {ref} by {n}|brightness +{n} on {ref}|brighten {ref} by {n}|brighten {ref} by {n}%
|brightness up {n} for {ref}|make {ref} {n}% brighter|{ref}: brightness +{n}""".replace("\n", "").split("|"),
    "contrast": """increase the contrast of {ref} by {n}|contrast +{n} on {ref}|raise contrast by {n}% on {ref}
|{ref}: contrast +{n}|{n}% more contrast for {ref}""".replace("\n", "").split("|"),
    "saturation": """increase the saturation of {ref} by {n}|saturation +{n} on {ref}|{n}% more saturation on {ref}
|{ref}: saturation +{n}|saturate {ref} by {n}""".replace("\n", "").split("|"),
    "-brightness": """darken {ref} by {n}|brightness -{n} on {ref}|reduce the brightness of {ref} by {n}%|make {ref} {n}% darker
|darken {ref} by {n} percent""".replace("\n", "").split("|"),
    "-contrast": "contrast -{n} on {ref}|lower the contrast of {ref} by {n}|{n}% less contrast on {ref}".split("|"),
    "-saturation": "saturation -{n} on {ref}|desaturate {ref} by {n}|{n}% less saturation for {ref}".split("|"),
    "blur": "blur {ref} by {n}|blur {ref} with radius {n}|blur {ref} {n} pixels".split("|"),
    "resize": """resize {ref} to {extent}|make {ref} {extent}|scale {ref} to {extent}|change the size of {ref} to {extent}
|{ref} at {extent} pixels|i need {ref} at {extent}|resize {ref}: {extent}|{ref} in {extent} please
|bring {ref} to {extent}|{extent} for {ref}""".replace("\n", "").split("|"),
    "resize%": """resize {ref} to {n}%|scale {ref} to {n}%|scale {ref} to {n} percent|shrink {ref} to {n}%
|resize {ref} to {n} percent""".replace("\n", "").split("|"),
}

LOOK = """look at {ref}|describe {ref}|what is in {ref}|what's in {ref}|what do you see in {ref}|what does {ref} show
|what can you see on {ref}|tell me what is in {ref}|whats on {ref}|tell me about {ref}|take a look at {ref}
|have a look at {ref}|analyse {ref}|give me a description of {ref}|can you describe {ref}
|write a caption for {ref}|caption {ref}|what am i looking at in {ref}|could you check what {ref} shows
|inspect {ref}|examine {ref}|what's {ref} about""".replace("\n", "").split("|")
LOOK += """how was {ref} made|what prompt did i use for {ref}|which seed has {ref}|how big is {ref}|what size is {ref}
|where does {ref} come from|what are the colours of {ref}|which colours are in {ref}|is {ref} dark or bright
|what was the prompt of {ref}|tell me how {ref} was made|what's the history of {ref}|how many pixels has {ref}
|what's the seed of {ref}|which model made {ref}|what are the dimensions of {ref}|details of {ref}
|info about {ref}""".replace("\n", "").split("|")
LOOK_QUESTION = """{question} in {ref}|{question} in {ref}?|in {ref}, {question}|in {ref}, {question}?|look at {ref}: {question}
|look at {ref}, {question}?|{ref}: {question}|can you tell me {question} in {ref}|about {ref}: {question}?
|look at {ref} and tell me {question}|check {ref}: {question}?|{question}? i mean {ref}""".replace("\n", "").split("|")
QUESTIONS = """is there a {noun}|are there any people|how many {noun}s are there|what colour is the {noun}|what color is {part}
|is the {noun} on the left|can you see a {noun}|what time of day is it|what is the {noun} doing
|what's in the background|is it blurry|what is written on it|which animals are there|is the {noun} {adjective}
|where is the {noun}|what is {place}|how many people are there|what style is it|does it look realistic
|what's the weather like|is anything wrong with it|what is the main colour|who is standing {place}
|is there any text|what kind of {noun} is that|do you see {added}""".replace("\n", "").split("|")

FIND = """find {query}|find the picture with {query}|find pictures of {query}|search for {query}|look for {query}
|where is the picture of {query}|do i have a picture of {query}|do we have any pictures with {query}
|which picture shows {query}|which picture has {query}|which one had {query}|show me all pictures with {query}
|show me the ones with {query}|have i made {query} before|find me {query} among my pictures
|search my pictures for {query}|find my old {query} pictures|which of the pictures has {query}
|look through my pictures for {query}|locate the image with {query}|i'm looking for the picture with {query}
|where did {query} go|which images contain {query}|can you find the one with {query}
|are there any pictures of {query}|search: {query}|find the image where there is {query}
|did we do {query} already|list pictures with {query}|bring up the picture of {query}
|is there already a picture with {query}""".replace("\n", "").split("|")

CHECK_TEXT = """is it allowed to draw {target}|is {target} allowed|am i allowed to draw {target}|would {target} be allowed
|would {target} pass the filter|check if {target} is safe|is {target} safe|check the safety of {target}
|does {target} pass the safety check|can i ask for {target} or is that blocked|safety check: {target}
|would you refuse {target}|is it ok to make a picture of {target}|are pictures of {target} allowed
|run the safety check on the text {target}|will {target} be blocked|is the prompt {target} fine
|would the filter block {target}|does the filter accept {target}|check this prompt: {target}
|is drawing {target} permitted|check for safety: {target}""".replace("\n", "").split("|")
CHECK_IMAGE = """is {ref} safe|check {ref} for safety|check the safety of {ref}|run the safety check on {ref}
|is {ref} safe for work|does {ref} pass the filter|is {ref} appropriate for kids|can i show {ref} at work
|is {ref} ok to publish|safety check for {ref}|is there anything inappropriate in {ref}|is {ref} nsfw
|does {ref} contain anything unsafe|check if {ref} is safe|would {ref} be blocked|is {ref} child friendly
|scan {ref} for unsafe content|check whether {ref} is allowed|is {ref} allowed""".replace("\n", "").split("|")

# ------------------------------------------------------------------------------------------------------------------- follow-ups
AGAIN = """another one|again|one more|another|try again|once more|do it again|redo it|same again|another one please
|again please|give me another|make another one|draw it again|a new one|let me see another one|one more time
|retry|new attempt|again but different|repeat|do another|reroll|regenerate|regenerate it|not quite, try again
|i don't like it, try again|can you do another|another try|have another go|give it another go|roll again|more
|one more please""".replace("\n", "").split("|")
SAME_BUT = """same but {but}|the same but {but}|same thing but {but}|the same {but}|same again but {but}|same picture {but}
|same scene, {but}|draw the same {but}|the same thing {but}|now the same {but}|same, {but}|again but {but}
|again, {but}|same prompt but {but}|the same picture but {but}|do the same one {but}|once more, but {but}
|the same again, {but}|now {but}|same idea, {but}|try it {but}|repeat that {but}|that again but {but}
|same scene {but}|can you do the same but {but}""".replace("\n", "").split("|")
TOO = """and {ref} too|{ref} too|the same for {ref}|same for {ref}|do the same to {ref}|do the same with {ref}|now {ref}
|now {ref} too|also {ref}|{ref} as well|and the same with {ref}|and now {ref}|do that to {ref} as well
|apply that to {ref}|repeat that on {ref}|and {ref}|can you do the same to {ref}|same thing on {ref}
|do {ref} next|{ref} next|likewise for {ref}|{ref} too please""".replace("\n", "").split("|")

# ------------------------------------------------------------------------------------------------------------------- referring
IT = """it|it|it|it|this|that|this one|that one|this picture|the picture|the image|that picture|this image|that image
|the pic""".replace("\n", "").split("|")
NEWEST = """the last one|the latest one|the newest one|the last picture|the latest|the latest image|the most recent one
|the newest|the one you just made|the last image|the one we just made""".replace("\n", "").split("|")
SELECTED = """the selected one|the one i selected|the selected picture|the one i picked|my selection|the highlighted one
|the one i clicked on|the chosen one""".replace("\n", "").split("|")
NUMBER = """#{n}|#{n}|#{n}|picture {n}|picture #{n}|image {n}|number {n}|no. {n}|pic {n}|image #{n}|nr {n}
|the picture number {n}|nr. {n}|number #{n}|picture no {n}|# {n}|handle {n}""".replace("\n", "").split("|")
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
ORDINAL = """the {o} one|the {o} one|the {o} picture|the {o}|the {o} image|the {o} pic|picture {w}|image {w}|number {w}""".replace("\n", "").split("|")
NUMBER_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
BEFORE = """the one before|the one before that|the picture before|the one before this|the one before the last
|the second last|the second to last one|the last but one|the next to last|the picture before that one
|the penultimate one""".replace("\n", "").split("|")
PARENT = """the previous version|the version before|the one before the edit|the version before this edit|the unedited one
|the state before that|the version before that""".replace("\n", "").split("|")
ROOT = """the original|the original one|the original picture|the very first version|the original version of it""".replace("\n", "").split("|")
BEFORE_EDIT = """the one before {what}|the version before {what}|the picture before {what}|the one without {what}
|the version without {what}|the one before you added {what}|the one from before {what}
|the one before we had {what}|the state before {what}""".replace("\n", "").split("|")
BY_WORD = """the {noun}|the {noun}|the {noun} one|the {noun} picture|the one with the {noun}|the picture with the {noun}
|the picture of the {noun}|the {noun} image|the one of the {noun}|the {noun} pic|the drawing of the {noun}
|the one that shows the {noun}|my {noun} picture""".replace("\n", "").split("|")
UPLOADED = """my photo|the photo i uploaded|the upload|the uploaded one|the picture i uploaded|my upload|the image i sent you
|the uploaded image|the photo|my picture|the file i gave you|the photo i sent|the one i uploaded|my own picture
|the picture i dragged in""".replace("\n", "").split("|")
OF_KIND = {
    "edit": "the edit|the edited one|the edited version|the changed one".split("|"),
    "upscale": """the upscaled one|the big one|the large version|the upscale|the enlarged one|the large one|the hd one
|the high res version""".replace("\n", "").split("|"),
    "variation": "the variation|the variant".split("|"),
    "adjustment": "the adjusted one".split("|"),
}
BOTH = "both|both of them|both pictures|the two|them both|both images|the two of them".split("|")
ALL = """all of them|all|all pictures|them all|every picture|each of them|all the pictures|everything|all images
|all {n} of them|all {n}|each picture|every one of them""".replace("\n", "").split("|")

# ------------------------------------------------------------------------------------------------------------------- nothing to go on
NOTHING = """draw something|draw|paint something|make a picture|make me a picture|i want a picture|generate an image
|create something|can you draw|can you draw something for me|draw me something|make something|paint|generate
|a picture please|i need an image|make an image|draw a picture|could you make a picture for me
|let's make a picture|i want to make a picture|do a drawing|draw me a picture please|make art
|create an image for me|i'd like an image|a new picture please|new picture|let's start|i need a drawing
|can you make me an image|please paint me something|give me a picture|i would like you to draw something
|picture please|create|image please|start a new picture|i want something new|draw anything""".replace("\n", "").split("|")
NO_CHANGE = """change {ref}|edit {ref}|modify {ref}|make a change to {ref}|i want to change {ref}|can you edit {ref}
|edit {ref} please|could you change something in {ref}|fix {ref}|improve {ref}|i don't like {ref}, change it
|adjust {ref}|alter {ref}|make {ref} different|can we change {ref}|i'd like to edit {ref}|please modify {ref}
|rework {ref}|do something with {ref}""".replace("\n", "").split("|")
SEEK_NOTHING = """find a picture|search|search my pictures|find something|look for a picture|can you search|find
|i'm looking for a picture|search for something""".replace("\n", "").split("|")
# fmt: on

# fmt: off
# ---------------------------------------------------------------------------------------------------- what to answer without a tool
TALK: dict[str, list[str]] = {
    "Hello! Tell me what to draw, or drop a picture here to change it.": """hi|hello|hey|hello there|hi there|good morning|good evening|good afternoon|hey easel|hiya|hello easel|yo
|greetings|hi!|hello :)|howdy|sup|heya|morning!|hi bot""".replace("\n", "").split("|"),
    "You are welcome.": """thanks|thank you|thanks a lot|thank you very much|thx|ty|great, thanks|thanks, that's all|perfect, thank you
|cheers|many thanks|thanks so much|ok thanks|thank you, lovely|much appreciated|tysm|thanks, bye
|that's it, thanks|danke""".replace("\n", "").split("|"),
    "I am glad you like it.": """nice|wow|great|i love it|beautiful|awesome|that looks great|perfect|amazing|very nice|cool|so cute|lovely
|looks good|well done|good job|that's exactly what i wanted|brilliant|fantastic|this is really good|i like it
|superb|that is gorgeous|haha nice|nice work|i like this one|omg so pretty|you are good at this|looks amazing""".replace("\n", "").split("|"),
    "I am sorry. What should be different?": """i don't like it|that's not what i wanted|ugly|this is bad|terrible|that's wrong|not good|hmm, no
|that is not right|it looks weird|i hate it|awful|this isn't what i asked for|no that's wrong|disappointing
|that looks strange|it's not very good|meh|what is that supposed to be|nope|that doesn't look like it at all
|i'm not happy with this|you got it wrong|bad|that's horrible""".replace("\n", "").split("|"),
    "I draw pictures from words, edit them, enlarge them, make variations, rotate, crop and adjust them, find old ones and check what the safety filter says.": """what can you do|help|what are you able to do|how do i use this|what do you do|how does this work
|what are my options|can you help me|what commands are there|show me what you can do|how do i start
|which things can you do|how can i use you|what features do you have|instructions please|what is this
|what is this app|how do i work this thing|what tools do you have|can you explain what you can do|i am new here
|h e l p|/help|list your features""".replace("\n", "").split("|"),
    "I am Easel: a small language model and a few picture models that run on this computer.": """who are you|what are you|are you a robot|are you an ai|are you chatgpt|what is your name|what's your name
|who made you|which model are you|are you human|what model do you use|what's easel|are you gpt|which ai is this
|what language model is this|are you a real person|do you have a name|tell me about yourself""".replace("\n", "").split("|"),
    "Yes. Everything runs on this computer and nothing is sent anywhere, unless you choose another provider in the settings.": """do you work offline|is my data private|do you send my pictures anywhere|do you need internet|is this private
|where do my pictures go|can anyone see my pictures|do you upload my photos|is this local
|does this run on my computer|are my images stored in the cloud|who can see what i make
|do you work without internet|is this secure|does it phone home""".replace("\n", "").split("|"),
    "Everything is saved on this computer. Each picture has a download button, and old sessions are in the sidebar.": """how do i save this|how can i download it|where are my pictures saved|can i download the picture|save it
|save this|download|can you save it|how do i export|where do i find my old pictures|will this be saved
|are my sessions saved|how do i get the file|save the picture please|export it|download it please
|where is it stored|can i come back to this tomorrow|how do i open an old session""".replace("\n", "").split("|"),
    "Easel is free and open source under the Apache licence; the models you add have their own licences.": """is this free|how much does it cost|what is the licence|what's the license|can i use the pictures commercially
|is it open source|do i have to pay|who owns the pictures|can i sell these|what does it cost
|is there a subscription|are the images copyright free|may i use this for my business""".replace("\n", "").split("|"),
    "The small models in the box make small pictures. A bigger preset on a graphics card makes better ones: see the README.": """why is the quality so low|why is it so small|how do i get better quality|can i use a bigger model
|why does it look bad|can you use stable diffusion|how do i use flux|why are the pictures so blurry
|how can i get better pictures|can i use my gpu|do you support other models|how do i change the model
|which presets are there|what models are available|how do i switch to another model
|can you make them more realistic in general|why are the images 128 pixels""".replace("\n", "").split("|"),
    "All right.": """never mind|nevermind|forget it|stop|cancel|ok|okay|alright|fine|no thanks|nothing|no|that's all|leave it|skip it
|don't bother|not now|wait|hold on|one moment|let me think|ok then|good|yes|yeah|sure|k|understood|got it|i see
|no, leave it as it is|ok that's enough|leave it like that|keep it|no changes|don't change anything|done
|i'm done|bye|goodbye|see you|good night""".replace("\n", "").split("|"),
    "I only make and change pictures; for that I can't help.": """what's the weather like|what is 2 + 2|tell me a joke|write a poem|who is the president|what time is it
|translate this to german|write some code|play some music|make a video|can you make a video of it|animate it
|sing a song|what is the capital of france|book a flight|order a pizza|tell me a story|how old is the universe
|write an email to my boss|what's the news|do my homework|what day is it|solve this equation|recommend a movie
|make a gif|turn it into a video|send it to my friend|post it on instagram|print it|email me the picture
|what is the meaning of life|how do i cook rice|call my mom|set a timer|make it move|can you make a sound
|explain quantum physics|what do you think about politics|search the web|open my browser|make a 3d model file""".replace("\n", "").split("|"),
    "I understand English only, sorry. Could you say it in English?": """zeichne einen fuchs|dessine un chat|dibuja un perro|male mir ein bild|画一只猫|请画一只红色的狐狸|нарисуй кота|うさぎを描いて
|고양이를 그려줘|disegna un gatto|desenhe um cachorro|rita en katt|tegn en hund|teken een kat|narysuj kota
|mach es größer|bonjour|hola|hola, qué tal|guten tag, können sie mir helfen|puedes hacer una imagen
|peux-tu faire une image de la mer|könntest du das bild größer machen|ciao|hallo, wie geht's|你好|こんにちは|مرحبا
|ارسم قطة|çiz bana bir kedi|piirrä kissa|vẽ một con mèo|mache es heller bitte|le deuxième en noir et blanc
|haz la segunda más grande|пожалуйста увеличь картинку|把它放大|把第二张变成晚上|ein hund im schnee, bitte
|un renard dans la neige""".replace("\n", "").split("|"),
    "I did not understand that. Tell me what to draw or what to change.": """asdf|asdfgh|qwerty|???|!!!|...|jkl jkl jkl|blah blah|xxxxx|123|lorem ipsum|fjdksla|hmmmm|ajsd kajsd lkasjd|uhh
|wat|huh|what|?|sdfsdf sdf|12345 67890|zxcvbnm|aaaaaaa|la la la|test|testing|test 123|foo bar|bla|eh|:)|:(|xd
|lol|haha""".replace("\n", "").split("|"),
    "Yes, I can: say which picture and what to change.": """can you edit pictures|can you edit images|can you change photos|is it possible to edit a picture
|can i edit an existing photo|do you do editing|can you modify my photos|can you remove things from a photo
|are you able to edit|can you crop images|can you rotate pictures|can you also flip pictures
|can you change the colours of a picture|can you add things to a picture""".replace("\n", "").split("|"),
    "Yes: say which picture, and I enlarge it two or four times.": """can you upscale pictures|can you enlarge images|do you do upscaling|is upscaling possible
|can you make pictures bigger|can you increase the resolution of pictures|how large can you upscale
|how do i upscale|how does upscaling work|what sizes can you make""".replace("\n", "").split("|"),
    "Yes: drop a PNG, JPEG or WebP file here and tell me what to change.": """can i upload a picture|how do i upload a photo|can i use my own photos|can you work with my photos
|how can i give you a picture|do you take uploads|can i send you an image|which file types can i upload
|can i drag in a photo|how do i add my own image|i want to upload something|what formats do you support""".replace("\n", "").split("|"),
    "Some words and pictures are blocked by a safety filter on this computer. It says why, and you can reword the request.": """why was it blocked|why can't you draw that|what is not allowed|what are the rules|is there a filter
|how does the safety filter work|why did you refuse|can you turn off the filter|disable the safety filter
|what is blocked|which things can't i draw|do you have content rules|what's forbidden""".replace("\n", "").split("|"),
    "A seed is the number a picture starts from: the same words with the same seed give the same picture.": """what is a seed|what does seed mean|what's the seed for|explain seeds|how do seeds work|why would i use a seed""".replace("\n", "").split("|"),
    "Nothing is lost: every picture stays on the shelf. Say which one to go on from.": """undo|undo that|revert|go back|take that back|undo the last change|undo please|that was a mistake, undo
|can you undo|ctrl z|go back one step|restore the old one|reset|redo|bring back the old version
|i want to go back|is the old one gone|did you overwrite the original""".replace("\n", "").split("|"),
    "I can't delete pictures. A whole session can be deleted in the sidebar.": """delete {ref}|delete the picture|remove this picture from the list|delete all pictures|clear the shelf|delete everything|can you delete the last picture|throw the pictures away|erase my history|remove picture 2 from the shelf|trash it|delete my session|clear all|get rid of all pictures""".replace("delete {ref}|", "").split("|"),
    "I make one to eight pictures at a time. How many should it be?": [],
    "I enlarge two or four times. Which should it be?": [],
}
SAME_ASPECT = """in {aspect} format|as a {aspect} picture|{aspect}|in {aspect}|but {aspect}|but in {aspect} format
|with a {aspect} frame|{aspect} this time""".replace("\n", "").split("|")
TOO_MANY = """draw {n} pictures of {prompt}|{n} pictures of {prompt}|make {n} versions of {prompt}
|give me {n} images of {prompt}|{n} variations of {ref}|make {n} variations of {ref}|{prompt}, {n} times
|generate {n} images of {prompt}|i need {n} pictures of {prompt}|vary {ref} {n} times
|{n} versions of {prompt} please|can you do {n} drawings of {prompt}|show me {n} options for {prompt}""".replace("\n", "").split("|")
BAD_SCALE = """upscale {ref} {n}x|make {ref} {n} times larger|enlarge {ref} by a factor of {n}|upscale {ref} {n} times
|make {ref} {n} times bigger|{ref} {n}x larger|scale {ref} up {n} times|upscale {ref} x{n}
|blow {ref} up {n} times""".replace("\n", "").split("|")
LIST = """what pictures do i have|which pictures are there|list my pictures|what's on the shelf|show me the list
|how many pictures do we have|how many pictures did we make|what have we made so far|which images exist
|give me an overview|list everything|what do we have so far|what did you make""".replace("\n", "").split("|")
THEN = """, then |, and then |. then |, and | and then | then |. after that |. next, |; then |, afterwards | and |. now 
|, next |. also |, finally | & | and also | and after that """.replace("\n", "").split("|")
ALSO_DRAW = """, and separately {prompt}| and also a picture of {prompt}|, then draw {prompt}|. also draw {prompt}
|, and a second picture with {prompt}| and then {prompt} in another picture
|. then {prompt} as a separate picture| and another one of {prompt}|. after that paint {prompt}
|, and in a new picture {prompt}| plus a separate picture of {prompt}|. second picture: {prompt}|, then {prompt}""".replace("\n", "").split("|")
POLITE_BEFORE = """hey, |hi! |ok |ok now |so |um |please |hello, |great, |nice! |cool, |perfect. |well, |thanks! |and |ok, 
|alright, |good. |yes, |hi there, |uh, |hey easel, |now |lovely. |oh and |right, |hmm |wow nice, |ok so 
|thank you. |awesome! |hiya, |excuse me, |pls |good, |actually """.replace("\n", "").split("|")
POLITE_AFTER = """ please| pls| thanks| thx|, thank you|!|.|?| :)| asap| for me| if you can|, please| now|!!| plz|, thanks!|...
| if possible| ok?|, ok?| would be great| would be nice|, can you?| kindly| mate| pretty please""".replace("\n", "").split("|")
SLANG = {"please": "pls", "you": "u", "picture": "pic", "pictures": "pics", "want to": "wanna", "your": "ur", "are": "r", "give me": "gimme", "because": "cuz", "going to": "gonna", "and": "n", "the": "teh", "i would like": "id like", "it's": "its", "don't": "dont", "can't": "cant"}
SORRY = """No preset is called “x”; known are embedded and flux.
|#{n} enlarged 4 times would be 8192×8192, more than the 40 megapixels that are allowed; crop or shrink it first.
|The strength 1.7 is out of range; use more than 0 and at most 1.
|There is no region “the sky”; say one of top, bottom, left, right, or four fractions.
|The worker stopped while painting; try again.|The model ran out of memory; try a smaller picture.
|17×4099 is not a size that this model can paint.|The painter could not finish: the device is busy.
|The amount “very” is not understood; say a number such as +20.
|The seed 99999999999 is out of range; use a whole number from 0 to 4294967295.""".replace("\n", "").split("|")
REASONS = """this asks for graphic violence|this names a real person in a degrading scene|this asks for nudity
|this sounds like hatred against a group|this asks for self-harm|this may show a minor in an unsafe scene
|weapons instructions are not drawn|the words describe gore|sexual content is not made here""".replace("\n", "").split("|")
NOTES = """the size was rounded to 128x128|the seed is 7|the preset has no negative prompt, so it was left out
|the region was widened to the whole picture|this model ignores the style|painted with the embedded preset""".replace("\n", "").split("|")
SOME = ["two", "three", "four", "five", "some", "many", "a few", "2", "3", "seven", "a group of", "a pair of"]
WHERE = ["in the background", "on the left", "on the right", "in the foreground", "behind it", "far away", "above"]
THERE_IS = ["there is", "you can see", "stands", ""]
CATEGORIES = ["violence", "nudity", "hate", "self-harm", "minors"]
COLOURS = "black|dark grey|grey|white|red|dark red|orange|brown|beige|yellow|light green|green|dark green|turquoise|light blue|blue|dark blue|purple|pink".split("|")
# the pieces of which replies and questions are put together in dialogues.py, so that their words are in the vocabulary
CLOSINGS = """What should the picture show? There is no picture yet. What should I draw first? What should change in ? What should the picture that I look for show?|There is no #. Which one do you mean?
|There is no picture. Which one do you mean?|Nothing was uploaded here.|I see no picture with.|Which one do you mean, or ?|Done:|Here are and|Here is|, edited from :|, two times larger. four|, variations of|, a variation of
|, with|I found .|Nothing here matches that.| Another session has:|Yes, the safety filter lets that through.|No, the safety filter stops that:|. It is , mostly|On the shelf:|Among others:|Note: | Note:| Here is| Here are| I found| Nothing here matches that.|#""".replace("\n", "").split("|")
# words of the tokenizer's vocabulary that no picture of ours is about
UNFIT = r"sex|porn|orgasm|nud[ei]|nake|rape|rapis|fuck|shit|bitch|cunt|dick|penis|vagin|breast|nipple|nigg|slut|whore|erot|nazi|hitler|molest|incest|pedo|masturb|genital|suicid"
# fmt: on

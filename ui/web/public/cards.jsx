// A picture while it is painted and when it is there, with everything one can do to it.
import { Copy, Download, GitBranch, Image as ImageIcon, Info, Maximize2, MousePointerClick, Pencil, Sparkles, X } from "lucide-react"
import { useEffect, useRef, useState } from "react"
import { toast } from "sonner"

const { parts, send, put, copy, mark, edit: editing, selected, onSelected } = window.Easel
const tell = (error) => void toast.error(error.message)

// Small pictures are enlarged to a size one can look at; large ones are shown at most this wide.
const shownSide = (width, height) => Math.round((Math.min(Math.max(width, height, 320), 440) * width) / Math.max(width, height))

parts.Button ??= function Button({ icon: Icon, handle, children, ...rest }) {
  return (
    <button type="button" className="easel-button" {...rest}>
      {Icon ? <Icon size={14} aria-hidden="true" /> : null}
      {children}
      {handle ? <span className="sr-only"> #{handle}</span> : null}
    </button>
  )
}

parts.Working ??= function Working({ job, fraction, text }) {
  const [preview, setPreview] = useState(null)
  useEffect(() => {
    if (!fraction || fraction >= 1) return
    const image = new Image()
    const address = `/api/jobs/${job}/preview?at=${fraction}`
    image.onload = () => setPreview(address)
    image.src = address
  }, [job, fraction])
  return (
    <figure className="easel-card easel-working" data-job={job}>
      <div className="easel-frame" style={{ aspectRatio: "1 / 1" }}>
        {preview ? (
          <img className="easel-preview" src={preview} alt="The picture so far" />
        ) : (
          <div className="easel-wait"><ImageIcon size={48} aria-hidden="true" /></div>
        )}
      </div>
      <div className="easel-progress" role="progressbar" aria-label="Painting" aria-valuenow={Math.round(fraction * 100)} aria-valuemin="0" aria-valuemax="100">
        <i style={{ width: `${Math.max(2, fraction * 100)}%` }} />
      </div>
      <figcaption className="easel-caption easel-quiet">{text || "Waiting"}</figcaption>
    </figure>
  )
}

const ARROWS = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, -0.05], ArrowDown: [0, 0.05] }
const within = (value, least, most) => Math.min(most, Math.max(least, value))

const large = ([left, top, right, bottom]) => right - left > 0.03 && bottom - top > 0.03

parts.Frame ??= function Frame({ region: [left, top, right, bottom] }) {
  const edges = { left, top, width: right - left, height: bottom - top }
  return <i style={Object.fromEntries(Object.entries(edges).map(([edge, at]) => [edge, `${at * 100}%`]))} />
}

// A rectangle dragged over the picture, or moved (with Shift: sized) by the arrow keys, as fractions of its size. A tap
// or a swipe that marks nothing leaves it as it is.
parts.Marker ??= function Marker({ region, onRegion }) {
  const start = useRef(null)
  const [drawn, setDrawn] = useState(null)
  const at = (event) => {
    const box = event.currentTarget.getBoundingClientRect()
    return [within((event.clientX - box.left) / box.width, 0, 1), within((event.clientY - box.top) / box.height, 0, 1)]
  }
  const between = ([ax, ay], [bx, by]) => [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)]
  return (
    <div
      className="easel-marker"
      title="Drag, or use the arrow keys (with Shift for the size), to mark the part that may change"
      role="group"
      aria-label="The part that may change: arrow keys move it, with Shift they size it"
      tabIndex={0}
      onKeyDown={(event) => {
        const [x, y] = ARROWS[event.key] ?? []
        if (x === undefined) return
        event.preventDefault()
        const [left, top, right, bottom] = region ?? [0.3, 0.3, 0.7, 0.7]
        if (event.shiftKey) {
          onRegion([left, top, within(right + x, left + 0.1, 1), within(bottom + y, top + 0.1, 1)])
        } else {
          const [across, down] = [within(x, -left, 1 - right), within(y, -top, 1 - bottom)]
          onRegion([left + across, top + down, right + across, bottom + down])
        }
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = at(event)
      }}
      onPointerMove={(event) => {
        const over = start.current && between(start.current, at(event))
        setDrawn(over && large(over) ? over : null)
      }}
      onPointerUp={() => {
        if (drawn) onRegion(drawn)
        setDrawn((start.current = null))
      }}
      onPointerCancel={() => setDrawn((start.current = null))}
    >
      {drawn ?? region ? <parts.Frame region={drawn ?? region} /> : null}
    </div>
  )
}

parts.Edit ??= function Edit({ handle, region, text, onText, onSend, onClose, onUnmark }) {
  const box = useRef(null)
  useEffect(() => {
    // On a touch screen the keyboard would cover the picture that one may want to mark first.
    if (window.matchMedia("(hover: hover)").matches) box.current?.focus({ preventScroll: true })
  }, [])
  return (
    <form
      className="easel-edit"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim()) onSend(text.trim())
      }}
    >
      <input ref={box} value={text} onChange={(event) => onText(event.target.value)} maxLength={1000}
        placeholder={`What should change in #${handle}?`} aria-label={`What should change in #${handle}?`} />
      <div className="easel-quiet">
        {region ? "Only the marked part will change." : "Drag over the picture to change only a part."}
      </div>
      <div className="easel-buttons" style={{ marginTop: 0 }}>
        <button className="easel-button easel-main" type="submit" disabled={!text.trim()}>Edit</button>
        <button className="easel-button" type="button" onClick={onClose}>Cancel</button>
        {region ? <button className="easel-button" type="button" onClick={onUnmark}>Remove mark</button> : null}
      </div>
    </form>
  )
}

parts.Large ??= function Large({ source, label, onClose }) {
  const dialog = useRef(null)
  // It is a page to go back from: that closes it.
  useEffect(() => {
    dialog.current.showModal()
    history.pushState(history.state, "", location.href)
    addEventListener("popstate", onClose)
    return () => removeEventListener("popstate", onClose)
  }, [])
  return (
    <dialog ref={dialog} className="easel-large" onClick={() => dialog.current.close()} onClose={() => history.back()} aria-label={label}>
      <img src={source} alt={label} />
      <button type="button" className="easel-button" aria-label="Close" title="Close"><X size={18} aria-hidden="true" /></button>
    </dialog>
  )
}

parts.Picture ??= function Picture(props) {
  const { session, id, turn, handle, width, height, caption, origin, details, changed, review, enlargeBy } = props
  const [, redraw] = useState(0)
  const [open, setOpen] = useState(null) // "edit", "details" or "large"
  const [region, setRegion] = useState(null)
  const [text, setText] = useState("") // what should change, kept while the card shows something else
  const [made, setMade] = useState(null) // what was begun a moment ago: a second click of the two is none, and the focus stays
  const [tries, setTries] = useState(0)
  const [missing, setMissing] = useState(false)
  useEffect(() => onSelected(() => redraw((count) => count + 1)), [])
  const card = useRef(null)
  const below = useRef(null)
  useEffect(() => {
    if (open !== "edit" && open !== "details") return
    // Where the window is too low for both, what is marked is seen, and the words are written in the message box.
    const marking = open === "edit" || changed
    const shown = marking ? card.current : below.current
    const low = marking && shown.offsetHeight + 40 > shown.closest(".overflow-y-auto")?.clientHeight
    shown.scrollIntoView({ block: low ? "start" : "nearest", behavior: "smooth" })
    if (low && open === "edit" && below.current.contains(document.activeElement)) document.getElementById("chat-input")?.focus()
  }, [open])
  const isSelected = selected(session) === handle
  const source = `/api/pictures/${id}`
  const toggle = (what) => {
    setOpen(open === what ? null : what)
    setRegion(null)
  }
  const once = (what) => {
    setMade(what)
    setTimeout(() => setMade(null), 1000)
  }
  const act = (name, label, args) => {
    if (made === name) return
    once(name)
    put(session, "", { name, args: { image: handle, ...args }, label: `${label} #${handle}` })
  }
  const close = () => {
    if (card.current.contains(document.activeElement)) card.current.querySelector("[aria-expanded=true]").focus()
    setOpen(null)
    setRegion(null)
  }
  const edit = (instruction) => {
    put(session, instruction, editing({ handle, region }, instruction))
    setText("")
    close()
  }
  const cancel = () => {
    setText("")
    close()
  }
  useEffect(() => (open === "edit" ? mark({ handle, region, close }) : undefined), [open, region])
  const select = () => send("PUT", `/api/sessions/${session}/selection`, { handle: isSelected ? null : handle }).catch(tell)
  const branch = () => {
    if (made === "branch") return
    setMade("branch")
    send("POST", `/api/sessions/${session}/branch`, { turn })
      .then((begun) => window.location.assign(`/thread/${begun.session}`))
      .catch((error) => {
        setMade(null)
        tell(error)
      })
  }
  const { Button, Marker, Frame, Edit, Large } = parts
  return (
    <figure ref={card} className="easel-card" data-handle={handle} data-selected={isSelected}
      onKeyDown={(event) => event.key === "Escape" && open === "edit" && close()}
      style={{ "--side": `${shownSide(width, height)}px` }}>
      <div className="easel-frame" style={{ aspectRatio: `${width} / ${height}` }}>
        <button className="easel-open" type="button" title="Show large" onClick={() => setOpen("large")}>
          <img key={tries} src={tries ? `${source}?try=${tries}` : source} width={width} height={height} alt={`#${handle}: ${caption}`}
            draggable="false" loading="lazy" className={missing ? "easel-missing" : ""} onLoad={() => setMissing(false)}
            onError={() => {
              setMissing(true)
              setTimeout(() => setTries((count) => count + 1), 3000) // the server may be away for a moment
            }} />
        </button>
        {open === "edit" ? <Marker region={region} onRegion={setRegion} /> : null}
        {open === "details" && changed ? <div className="easel-changed"><Frame region={changed} /></div> : null}
      </div>
      <figcaption className="easel-caption">
        <b>#{handle}</b>
        <span className="easel-quiet">{width} × {height}</span>
        {origin ? <span className="easel-quiet easel-origin">{origin}</span> : null}
        {isSelected ? <span className="easel-tag">selected: “it”</span> : null}
        {review ? <span className="easel-tag easel-warn" title={review}>check this one</span> : null}
        <span className="easel-words" title={caption}>{caption}</span>
      </figcaption>
      <div className="easel-buttons">
        {enlargeBy ? (
          <Button icon={Maximize2} handle={handle} title={`Enlarge ${enlargeBy} times`} aria-disabled={made === "upscale_image"} onClick={() => act("upscale_image", "Enlarge", { scale: enlargeBy })}>Enlarge</Button>
        ) : null}
        <Button icon={Sparkles} handle={handle} title="Paint another one like it" aria-disabled={made === "vary_image"} onClick={() => act("vary_image", "Vary")}>Vary</Button>
        <Button icon={Pencil} handle={handle} aria-expanded={open === "edit"} title="Say what should change" onClick={() => toggle("edit")}>Edit…</Button>
        <Button icon={MousePointerClick} handle={handle} aria-pressed={isSelected} title="“It” means this picture in the next message" onClick={select}>
          Select
        </Button>
        <a className="easel-button" href={`${source}?download=true`} download title="Save the picture">
          <Download size={14} aria-hidden="true" />Download<span className="sr-only"> #{handle}</span>
        </a>
        {turn ? <Button icon={GitBranch} handle={handle} title="Branch from here: a new session that goes on from this turn" aria-disabled={made === "branch"} onClick={branch}>Branch</Button> : null}
        <Button icon={Info} handle={handle} aria-expanded={open === "details"} title="The full prompt, seed and settings" onClick={() => toggle("details")}>Details</Button>
      </div>
      <div ref={below} className="easel-below">
      {open === "edit" ? <Edit handle={handle} region={region} text={text} onText={setText} onSend={edit} onClose={cancel} onUnmark={() => setRegion(null)} /> : null}
      {open === "details" ? (
        <>
          <table className="easel-details">
            <tbody>
              {details.map(([label, value]) => <tr key={label}><th scope="row">{label}</th><td>{value}</td></tr>)}
            </tbody>
          </table>
          <div className="easel-buttons">
            <Button icon={Copy} onClick={() => copy(details.map((row) => row.join(": ")).join("\n")).then(() => toast.success("Copied"), tell)}>Copy</Button>
          </div>
        </>
      ) : null}
      </div>
      {open === "large" ? <Large source={source} label={`#${handle}: ${caption}`} onClose={() => setOpen(null)} /> : null}
    </figure>
  )
}

export default props.state === "ready" ? <parts.Picture {...props} /> : <parts.Working {...props} />

// The answers that a question offers; a click says one.
import { useState } from "react"

const { parts, put } = window.Easel

parts.Choices ??= function Choices({ session, choices }) {
  const [said, setSaid] = useState(null)
  const say = (text) => {
    setSaid(text)
    put(session, text)
  }
  return (
    <div className="easel-choices">
      {choices.map((text) => (
        <button key={text} type="button" className="easel-button" aria-pressed={said === text} disabled={said !== null} onClick={() => say(text)}>
          {text}
        </button>
      ))}
    </div>
  )
}

export default <parts.Choices {...props} />

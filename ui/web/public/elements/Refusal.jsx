// What kind of thing was refused, and a request close to it that would pass.
import { ShieldAlert } from "lucide-react"
import { useState } from "react"

const { parts, put } = window.Easel

parts.Refusal ??= function Refusal({ session, category, rewording }) {
  const [said, setSaid] = useState(false)
  const say = () => {
    setSaid(true)
    put(session, rewording)
  }
  return (
    <div className="easel-choices easel-refusal" data-category={category}>
      <span className="easel-tag easel-warn" style={{ display: "inline-flex", alignItems: "center", gap: "0.25rem" }}>
        <ShieldAlert size={13} aria-hidden="true" />
        {category.replaceAll("_", " ")}
      </span>
      {rewording ? (
        <>
          <span className="easel-quiet">This would pass:</span>
          <button type="button" className="easel-button" disabled={said} onClick={say}>{rewording}</button>
        </>
      ) : null}
    </div>
  )
}

export default <parts.Refusal {...props} />

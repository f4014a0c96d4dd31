/** ELO Guide on any page: `<script type="module" src="https://host/widget.js" data-municipality="kitee" data-lang="fi">`. */
import "./widget/start.js";
